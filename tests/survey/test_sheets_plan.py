"""The requests as values, what an answer means, and the write budget: all pure."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import sheets_answers, sheets_plan
from survey.sheets_answers import Answer, Found, Mend, Seen, TabSeen
from survey.sheets_budget import Budget, Rate, rolled
from survey.sheets_check import Stored, TabCheck, compare
from survey.sheets_rows import Cells, Column, Layout
from tests import google_discovery

LAYOUT = Layout("eit", "คำตอบ EIT", (Column("รหัสแถว", 90), Column("เดือน", 80), Column("e1", 100)))
ROW: Cells = ["id-1", "2570-02", "=1+1", 80, 87.5, None]
NOW = datetime(2026, 11, 21, 3, 0, 30, tzinfo=UTC)
RATE = Rate("robot@example", 30, 60)


def test_a_row_is_typed_cell_by_cell() -> None:
    payload, count = sheets_plan.rows_payload(7, "token", 99, [ROW])

    append = json.loads(payload)["requests"][1]["appendCells"]
    text = {"numberFormat": {"type": "TEXT"}}
    assert (count, append["sheetId"]) == (1, 99)
    assert append["rows"][0]["values"] == [
        {"userEnteredValue": {"stringValue": "id-1"}, "userEnteredFormat": text},
        {"userEnteredValue": {"stringValue": "2570-02"}, "userEnteredFormat": text},
        {"userEnteredValue": {"stringValue": "=1+1"}, "userEnteredFormat": text},
        {"userEnteredValue": {"numberValue": 80}, "userEnteredFormat": {"numberFormat": number("0")}},
        {"userEnteredValue": {"numberValue": 87.5}, "userEnteredFormat": {"numberFormat": number("0.00")}},
        {},
    ]


def number(pattern: str) -> dict[str, str]:
    return {"type": "NUMBER", "pattern": pattern}


def test_the_token_stands_first_under_our_number() -> None:
    payload, _ = sheets_plan.rows_payload(7, "token", 99, [ROW])

    assert json.loads(payload)["requests"][0] == {
        "createDeveloperMetadata": {
            "developerMetadata": {
                "metadataId": 7,
                "metadataKey": "siang.batch",
                "metadataValue": "token",
                "location": {"spreadsheet": True},
                "visibility": "DOCUMENT",
            }
        }
    }


@given(st.lists(st.text(max_size=200), min_size=1, max_size=30), st.integers(600, 4000))
def test_a_batch_is_cut_at_its_size_as_sent_and_holds_at_least_one_row(texts: list[str], limit: int) -> None:
    rows: list[Cells] = [[text.encode("utf-8", "ignore").decode()] for text in texts]

    payload, count = sheets_plan.rows_payload(7, "token", 99, rows, limit)

    sent = json.loads(payload)["requests"][1]["appendCells"]["rows"]
    assert len(sent) == count >= 1
    assert count == 1 or len(payload.encode()) <= limit
    assert count == len(rows) or len(sheets_plan.rows_payload(7, "token", 99, rows[: count + 1])[0].encode()) > limit


def test_half_a_batch_is_its_first_rows_under_the_same_number() -> None:
    rows: list[Cells] = [[str(n)] for n in range(4)]
    payload, _ = sheets_plan.rows_payload(7, "old", 99, rows)

    half = sheets_plan.first_rows(payload, "new", 2)

    assert half == sheets_plan.rows_payload(7, "new", 99, rows[:2])[0]


@pytest.mark.parametrize(
    "payload",
    [
        sheets_plan.rows_payload(7, "token", 99, [ROW])[0],
        sheets_plan.tab_payload(7, "token", 99, "คำตอบ", LAYOUT),
        sheets_plan.summary_tab_payload(7, "token", 99, "สรุป", [140, 95]),
        sheets_plan.summary_payload(7, "token", 99, [["ก", 1.5], [None, 2]], (1000, 26)),
        sheets_plan.burn_payload(7, "token"),
        sheets_plan.forget_payload([1, 2, 3]),
    ],
    ids=["rows", "tab", "summary tab", "summary", "burn", "forget"],
)
def test_every_payload_fits_googles_description(payload: str) -> None:
    google_discovery.check_request("spreadsheets.batchUpdate", json.loads(payload))


def test_a_free_title_is_found_without_regard_to_case() -> None:
    assert sheets_plan.free_title("สรุป EIT", []) == "สรุป EIT"
    assert sheets_plan.free_title("สรุป EIT", ["สรุป eit", "สรุป EIT (2)"]) == "สรุป EIT (3)"


@pytest.mark.parametrize(
    ("status", "content", "seen"),
    [
        (200, '{"replies": []}', Seen.APPLIED),
        (200, '{"repl', Seen.UNKNOWN),
        (408, "", Seen.UNKNOWN),
        (500, '{"error": {"status": "INTERNAL"}}', Seen.UNKNOWN),
        (503, "<html>", Seen.UNKNOWN),
        (302, "", Seen.UNKNOWN),
        (400, "<html>a proxy speaking</html>", Seen.UNKNOWN),
        (400, '{"error": {"status": "INVALID_ARGUMENT"}}', Seen.REFUSED),
        (413, "<html>", Seen.REFUSED),
        (429, "", Seen.THROTTLED),
        (403, '{"error": {"status": "RESOURCE_EXHAUSTED"}}', Seen.THROTTLED),
        (401, "{}", Seen.DENIED),
        (403, "<html>", Seen.DENIED),
        (404, "{}", Seen.DENIED),
    ],
)
def test_each_http_answer_means_one_thing(status: int, content: str, seen: Seen) -> None:
    assert sheets_answers.read(status, content.encode()).seen is seen


def test_whose_a_number_is() -> None:
    ours = Answer(Seen.APPLIED, "200", {"metadataValue": "former"}, 200)
    missing = sheets_answers.read(404, b'{"error": {"code": 404, "status": "NOT_FOUND"}}')
    proxy = sheets_answers.read(404, b"<html>")
    tokens = {"former": 8, "token": 4}

    assert sheets_answers.found(ours, tokens) == (Found.OURS, "former")
    assert sheets_answers.found(Answer(Seen.APPLIED, "200", {"metadataValue": "?"}, 200), tokens)[0] is Found.FOREIGN
    assert sheets_answers.found(missing, tokens)[0] is Found.NOTHING
    assert sheets_answers.found(proxy, tokens)[0] is Found.UNCLEAR
    assert sheets_answers.found(Answer(Seen.UNKNOWN, "ReadTimeout"), tokens)[0] is Found.UNCLEAR


@pytest.mark.parametrize(
    ("kind", "size", "there", "message", "remedy"),
    [
        ("rows", 8, True, "?", Mend.SPLIT),
        ("rows", 1, True, "?", Mend.PARK),
        ("rows", 8, False, "No grid with id: 99", Mend.REMAKE),
        ("rows", 8, True, "above the limit of 10000000 cells, number of cells", Mend.CELLS),
        ("tab", 0, True, "?", Mend.RENAME),
        ("tab", 0, False, "?", Mend.PAUSE),
        ("summary", 0, True, "?", Mend.GROW),
        ("summary", 0, False, "?", Mend.REMAKE),
        ("burn", 0, False, "?", Mend.PAUSE),
    ],
)
def test_each_refusal_has_one_remedy(kind: str, size: int, there: bool, message: str, remedy: Mend) -> None:
    refusal = Answer(Seen.REFUSED, "400", {"error": {"message": message}}, 400)
    tabs = {99: TabSeen("คำตอบ EIT", 200, 16)} if there else {}

    assert sheets_answers.mend(kind, size, 99, "อื่น", refusal, tabs, (500, 3)) is remedy


def test_a_window_gives_its_writes_once_and_the_next_gives_them_again() -> None:
    budget = Budget(RATE.window(NOW), used=30, allowed=30, paused_until=None)

    assert not rolled(budget, RATE, NOW).room(NOW)
    later = RATE.next_window(NOW)
    assert later == datetime(2026, 11, 21, 3, 1, tzinfo=UTC)
    assert rolled(budget, RATE, later).room(later)


def test_a_halved_rate_comes_back_by_a_tenth_for_each_clean_window() -> None:
    paused = RATE.next_window(NOW)
    budget = Budget(RATE.window(NOW), used=12, allowed=15, paused_until=paused)

    after = [rolled(budget, RATE, paused + timedelta(minutes=n)).allowed for n in (0, 1, 2, 5, 60)]

    assert after == [15, 18, 21, 30, 30]
    assert not rolled(budget, RATE, NOW).room(NOW)


def test_the_comparison_counts_each_kind_of_difference_once() -> None:
    stored = Stored({"a": ["a", 1], "b": ["b", None], "c": ["c", 2], "w": ["w", 3]}, frozenset("w"), frozenset())
    sheet: list[list[object]] = [["a", 1, "note"], ["b"], ["b"], ["x", 5], ["new", 1], ["", "only a note"]]

    found = compare(TabCheck("eit", "คำตอบ EIT"), stored, sheet, ["new"])

    assert (found.missing, found.repeated, found.changed) == (("c",), ("b",), ())
    assert (found.stored, found.in_sheet, found.waiting, found.unknown) == (4, 5, 1, 1)
    assert compare(TabCheck("eit", "คำตอบ EIT"), stored, [["a", 2]], []).changed == ("a",)
