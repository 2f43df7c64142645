"""Whatever the core may say and whatever LINE may send: limits hold, nothing raises."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import flex, postback
from bot.messages import to_line
from survey.events import Button, Do, Link, Prompt, Row, Tap
from tests.bot.judge import graphemes, judge, units
from tests.bot.wanderer import HOSTILE

letters = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
piled = st.builds(
    lambda base, mark, times: base + mark * times, letters, st.sampled_from("\u0e49\u0301\u200d"), st.integers(0, 300)
)
anything = st.one_of(
    letters, piled, st.sampled_from(HOSTILE), st.builds(lambda a, b: a * b, letters, st.integers(1, 150))
)
label = st.one_of(letters, piled).filter(bool)
ids = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=64)
taps = st.builds(Tap, ids, st.integers(0, 999), st.integers(0, 99))
dos = st.builds(Do, st.sampled_from(sorted(postback._COMMANDS)), ids, ids)
links = st.builds(Link, st.builds(lambda path: f"https://example.go.th/{path}", letters))
buttons = st.builds(Button, label, st.one_of(taps, dos, links), st.sampled_from(["", "1", "10"]))
rows = st.builds(Row, st.integers(1, 99), anything, anything, st.builds(Button, label, dos))


def several(of: st.SearchStrategy[Button], least: int, most: int) -> st.SearchStrategy[tuple[Button, ...]]:
    return st.lists(of, min_size=least, max_size=most).map(tuple)


prompts_of_any_kind = st.one_of(
    st.builds(Prompt, st.just("say"), anything, buttons=several(buttons, 0, 60), quick=several(buttons, 0, 15)),
    st.builds(Prompt, st.just("menu"), anything, title=anything, buttons=several(buttons, 1, 10)),
    st.builds(Prompt, st.just("notice"), anything, title=anything, hint=anything, buttons=several(buttons, 1, 3)),
    st.builds(
        Prompt,
        st.just("question"),
        anything,
        hint=anything,
        echo=anything,
        label=letters,
        progress=st.one_of(st.none(), st.tuples(st.integers(0, 40), st.just(40))),
        buttons=several(buttons, 0, 10),
        quick=several(buttons, 0, 15),
        footer=letters,
        rtl=st.booleans(),
    ),
    st.builds(Prompt, st.just("ready"), anything, echo=anything, hint=anything, buttons=several(buttons, 1, 5)),
    st.builds(Prompt, st.just("review"), anything, hint=anything, rows=st.lists(rows, max_size=12).map(tuple)),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(prompts_of_any_kind, min_size=1, max_size=6))
def test_line_takes_whatever_the_core_says(said: list[Prompt]) -> None:
    judge(to_line(said))


@given(st.one_of(taps, dos))
def test_a_button_comes_back_as_the_event_it_carries(event: Tap | Do) -> None:
    data = postback.encode(event)

    assert postback.decode(data) == event
    assert len(data) <= 300


@given(
    st.one_of(st.text(), st.lists(st.text(alphabet="td|0123456789๙²backsend", max_size=8), max_size=6).map("|".join))
)
def test_any_data_is_an_event_or_nothing(data: str) -> None:
    event = postback.decode(data)

    assert event is None or isinstance(event, Tap | Do)


def test_data_that_no_button_of_ours_carries_is_nothing() -> None:
    for data in ("", "t", "t|d|1", "t|d|x|1", "t|d|-1|1", "t|d|99999|0", "d|fly||", "d|send||" + "x" * 300, "t|d|²|1"):
        assert postback.decode(data) is None


@given(anything, st.integers(2, 400))
def test_cut_text_is_a_beginning_within_the_limit(text: str, limit: int) -> None:
    shown = flex.cut(text, limit)

    assert units(shown) <= limit
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


@given(anything, st.integers(2, 40))
def test_a_short_label_is_a_beginning_within_the_limit(text: str, limit: int) -> None:
    shown = flex.short(text, limit)

    assert graphemes(shown) <= limit
    assert len(shown) <= 4 * limit
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


def test_thai_labels_are_counted_as_people_count() -> None:
    assert flex.short("ไม่ทราบ/ไม่ขอตอบ", 20) == "ไม่ทราบ/ไม่ขอตอบ"
    assert flex.short("น้ำน้ำน้ำ", 3) == "น้ำน้ำน้ำ"
    assert flex.short("น้ำน้ำน้ำ", 2) == "น้ำ…"
