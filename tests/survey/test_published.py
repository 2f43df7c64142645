"""The instruments on disk: all load, published ones are frozen, and languages are added by adding files."""

import hashlib
import json
import re
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from survey import library
from survey.instrument import Instrument, InstrumentError, Question
from survey.library import INSTRUMENTS, TEXTS

# Structure and Thai words of every published version. A response remembers (id, version) and means what was asked then.
PUBLISHED = {
    "case-ask.1": "cbf5925f74a62c12",
    "case-file.1": "8b7c7461573f792d",
    "case-merge.1": "025492353cf7c067",
    "case-note.1": "198dcfb0a4ea5b6e",
    "case-reject.1": "0a45983312becc29",
    "case-resolve.1": "9d9cd64be8b88248",
    "complaint-1.1": "3510b56892a8f292",
    "eit-2567.1": "df26ec7122348af9",
    "eit-2568.1": "06c093329d2dd4f1",
    "eit-2569.1": "90644b051815aa90",
    "eit-2570.1": "9bb05cd3bdf64203",
    "report-add.1": "7aae71da43187e47",
    "report-answer.1": "bf6dae93eb89b5c5",
    "report-reopen.1": "59383dc0fc35e711",
    "satisfaction-1.1": "1f729aea866aec86",
}


LATER = {"immediate": False, "review": "", "send": ""}
LATER_OF_QUESTIONS = {"needed": False, "short": "", "shown": ()}
"""Fields that came after the first versions were published, and what those versions mean by not having them."""


def digest(instrument: Instrument) -> str:
    frozen = asdict(instrument)
    for free in ("source", "verified", "minutes"):  # what we know about it, not what people are asked
        del frozen[free]
    for name, unset in LATER.items():
        if frozen[name] == unset:
            del frozen[name]
    for question in frozen["questions"]:
        for name, unset in LATER_OF_QUESTIONS.items():
            if question[name] == unset:
                del question[name]
    return hashlib.sha256(json.dumps(frozen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def published() -> dict[str, str]:
    shelf = library.load()
    thai = [i for (_, _, language), i in shelf.instruments.items() if language == "th"]
    return {f"{i.id}.{i.version}": digest(i) for i in thai}


def test_a_published_instrument_never_changes() -> None:
    now = published()

    for key, frozen in PUBLISHED.items():
        assert now.get(key) == frozen, (
            f"{key} was published and must not change: answers already stored mean what was asked then. "
            f"Put it back and bump the version: copy the file, give it version = {int(key.rsplit('.', 1)[1]) + 1}."
        )


def test_a_new_version_is_frozen_here_too() -> None:
    new = set(published()) - set(PUBLISHED)

    assert not new, f"add {', '.join(sorted(new))} with its digest to PUBLISHED, so that it stays as it is"


def test_the_digest_sees_a_changed_word_score_or_order() -> None:
    """The test above can fail."""
    instrument = library.load().get("eit-2570", 1)
    e1 = instrument.items[0]
    option = e1.options[0]

    def with_question(question: Question) -> Instrument:
        return replace(instrument, questions=tuple(question if q is e1 else q for q in instrument.questions))

    word = replace(e1, text=e1.text + " ")
    score = replace(e1, options=(replace(option, score=1), *e1.options[1:]))
    order = replace(e1, options=e1.options[::-1])
    assert len({digest(instrument), *(digest(with_question(q)) for q in (word, score, order))}) == 4


def test_every_fiscal_year_has_its_eit_and_only_2567_is_verified() -> None:
    shelf = library.load()

    for year in range(2567, 2571):
        instrument = shelf.newest("eit", year)
        assert instrument.fiscal_year == year
        assert instrument.verified == (year == 2567)
        assert [q.item_code for q in instrument.items] == [f"e{n}" for n in range(1, 10)]
    assert shelf.newest("eit", 2571).fiscal_year == 2570
    with pytest.raises(KeyError, match="no instrument of kind eit for fiscal year 2560"):
        shelf.newest("eit", 2560)


def test_an_instrument_without_a_translation_is_asked_in_thai() -> None:
    shelf = library.load()

    assert shelf.get("eit-2570", 1, "en").language == "en"
    assert shelf.get("eit-2570", 1, "lo").language == "th"
    assert shelf.words("lo").language == "th"
    with pytest.raises(KeyError):
        shelf.get("eit-2570", 9)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    shutil.copytree(INSTRUMENTS, tmp_path / "instruments")
    shutil.copytree(TEXTS, tmp_path / "texts")
    return tmp_path


def test_a_language_that_runs_from_right_to_left_is_added_by_adding_a_file(shelf: Path) -> None:
    english = (TEXTS / "en.toml").read_text("utf-8")
    arabic = english.replace('name = "English"', 'name = "العربية"\nrtl = true').replace('"Start"', '"ابدأ"')
    (shelf / "texts" / "ar.toml").write_text(arabic.split("[words]")[0] + '[words]\nstart = ["ابدأ"]\n', "utf-8")

    found = library.load(shelf / "instruments", shelf / "texts")

    assert found.languages == {"th": "ไทย", "ar": "العربية", "en": "English"}
    words = found.words("ar")
    assert words.rtl
    assert words.command("ابدأ") == "start"
    assert words.command("เมนูค่ะ") == "menu"  # Thai is understood in every language
    assert found.get("eit-2570", 1, "ar").language == "th"  # until its questions are translated as well


def test_a_translated_instrument_is_added_by_adding_a_file_and_serves_the_years_that_extend_it(shelf: Path) -> None:
    words = (INSTRUMENTS / "eit-2567.en.toml").read_text("utf-8").replace('language = "en"', 'language = "lo"')
    (shelf / "instruments" / "eit-2567.lo.toml").write_text(words, "utf-8")

    found = library.load(shelf / "instruments", TEXTS)

    assert [found.get(f"eit-{year}", 1, "lo").language for year in range(2567, 2571)] == ["lo"] * 4


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("a.toml", "id = ", "a.toml: is not TOML"),
        (
            "a.toml",
            'id = "a"\nversion = 1\nextends = "nothing.1"',
            "a.toml: extends 'nothing.1', no complete instrument",
        ),
        ("a.toml", 'id = "a"\nversion = 1\nextends = "eit-2568.1"', "a.toml: extends 'eit-2568.1', no complete"),
        ("a.toml", 'id = "a"\nversion = 1\nextends = 5', "a.toml: extends 5, no complete instrument"),
        ("a.en.toml", 'language = "en"\ntranslates = "a.1"', "a.en.toml: translates 'a.1', which is not here"),
        ("a.en.toml", "translates = []", "a.en.toml: translates [], which is not here"),
        ("zz.toml", 'id = "eit-2570"\nversion = 1\nextends = "eit-2567.1"', "zz.toml: eit-2570.1 is also in"),
        ("a.toml", "kind = 5", "a.toml: kind must be str, not int"),
    ],
)
def test_the_program_refuses_to_start_with_a_faulty_file(shelf: Path, name: str, text: str, fault: str) -> None:
    (shelf / "instruments" / name).write_text(text, "utf-8")

    with pytest.raises(InstrumentError, match=re.escape(fault)):
        library.load(shelf / "instruments", shelf / "texts")


def test_a_file_is_checked_alone_and_may_build_on_published_ones(tmp_path: Path) -> None:
    (tmp_path / "eit-2571.toml").write_text('id = "eit-2571"\nversion = 1\nextends = "eit-2567.1"\nfiscal_year = 2571')
    (tmp_path / "broken.toml").write_bytes(b"\xff")

    assert library.check_file(tmp_path / "eit-2571.toml").fiscal_year == 2571
    assert library.check_file(INSTRUMENTS / "eit-2567.en.toml").language == "en"
    with pytest.raises(InstrumentError, match=r"broken.toml: is not TOML"):
        library.check_file(tmp_path / "broken.toml")
    with pytest.raises(InstrumentError, match=r"gone.toml: cannot be read: No such file"):
        library.check_file(tmp_path / "gone.toml")
