"""The fault switches do over HTTP what they say: before, after, late, and each way a client may see it."""

import time
from collections.abc import Iterator
from typing import Any

import gspread
import pytest
import requests

from bot.playground.sheets import LocalSheets
from bot.playground.sheets_faults import Fault, Faults
from bot.playground.sheets_http import running_sheets
from tests.playground.sheets_client import open_client

Outcome = int | str


@pytest.fixture
def sheets() -> LocalSheets:
    sheets = LocalSheets(writes_per_minute=10_000, reads_per_minute=10_000)
    sheets.create_spreadsheet("demo", "x")
    return sheets


@pytest.fixture
def base_url(sheets: LocalSheets) -> Iterator[str]:
    with running_sheets(sheets) as url:
        yield url


@pytest.fixture
def client(base_url: str) -> Iterator[gspread.Client]:
    client = open_client(base_url, timeout_s=1.0)
    client.open_by_key("demo")
    yield client
    client.http_client.session.close()


def send(client: gspread.Client, number: int, row: str = "r") -> Outcome:
    """One batch as the mirror sends it. Returns the HTTP status, or the name of the exception."""
    meta = {"metadataId": number, "metadataKey": "siang.batch", "metadataValue": f"uuid-{number}"}
    meta |= {"location": {"spreadsheet": True}, "visibility": "DOCUMENT"}
    cells = [{"values": [{"userEnteredValue": {"stringValue": row}}]}]
    body: dict[str, Any] = {
        "requests": [
            {"createDeveloperMetadata": {"developerMetadata": meta}},
            {"appendCells": {"sheetId": 0, "rows": cells, "fields": "userEnteredValue"}},
        ]
    }
    try:
        client.http_client.batch_update("demo", body)
    except gspread.exceptions.APIError as error:
        return int(error.response.status_code)
    except requests.exceptions.RequestException as error:
        return type(error).__name__
    return 200


def test_a_failure_before_applies_nothing(client: gspread.Client, sheets: LocalSheets) -> None:
    sheets.faults.before("500", times=2)

    assert [send(client, 1), send(client, 1), send(client, 1)] == [500, 500, 200]
    assert sheets.rows("demo", 0) == [["r"]]


def test_a_failure_after_has_applied_and_the_token_tells_so(client: gspread.Client, sheets: LocalSheets) -> None:
    sheets.faults.after("reset")

    assert [send(client, 1), send(client, 1)] == ["ConnectionError", 400]
    assert sheets.rows("demo", 0) == [["r"]]
    assert [(record.status, record.applied) for record in sheets.requests if record.name.endswith("batchUpdate")] == [
        (0, True),
        (400, False),
    ]


def test_a_late_original_loses_to_the_retry(client: gspread.Client, sheets: LocalSheets) -> None:
    sheets.faults.late("503", seconds=0.2)

    assert [send(client, 1), send(client, 1)] == [503, 200]
    assert sheets.drain(5)
    assert sheets.rows("demo", 0) == [["r"]]


def test_a_late_original_alone_arrives_in_the_end(client: gspread.Client, sheets: LocalSheets) -> None:
    sheets.faults.late("reset", seconds=0.2)

    assert send(client, 1) == "ConnectionError"
    assert sheets.rows("demo", 0) == []
    assert sheets.drain(5)
    assert sheets.rows("demo", 0) == [["r"]]


@pytest.mark.parametrize("when", ["before", "after"])
def test_silence_outlasts_the_time_out_of_the_client(client: gspread.Client, sheets: LocalSheets, when: Any) -> None:
    sheets.faults.hang(seconds=30, when=when)

    assert send(client, 1) == "ReadTimeout"
    assert sheets.rows("demo", 0) == ([["r"]] if when == "after" else [])


@pytest.mark.parametrize(
    ("how", "seen"),
    [
        ("html", 503),
        ("broken", "JSONDecodeError"),
        ("reset", "ConnectionError"),
        *((code, int(code)) for code in ("401", "403", "404", "429", "500", "503")),
        ("cells", 400),
    ],
)
def test_each_way_a_client_may_see_a_fault(
    client: gspread.Client, sheets: LocalSheets, how: Any, seen: Outcome
) -> None:
    sheets.faults.before(how, times=None)

    assert send(client, 1) == seen
    sheets.faults.clear()
    assert send(client, 1) == 200


def test_an_html_error_page_has_no_json(client: gspread.Client, sheets: LocalSheets) -> None:
    sheets.faults.before("html", on="read")

    with pytest.raises(gspread.exceptions.APIError) as error:
        client.http_client.fetch_sheet_metadata("demo")
    assert (error.value.code, error.value.response.status_code) == (-1, 503)


def test_the_token_endpoint_can_fail_too(base_url: str, sheets: LocalSheets) -> None:
    sheets.faults.before("401", on="token")

    answer = requests.post(f"{base_url}/token", data={}, timeout=5)

    assert answer.status_code == 401


def test_chance_with_the_same_seed_gives_the_same_faults() -> None:
    chances = {"before": 0.1, "after": 0.1, "late": 0.05, "hang": 0.02, "429": 0.05}

    def draw(seed: int) -> list[Fault | None]:
        faults = Faults()
        faults.chaos(chances, seed)
        return [faults.next("write") for _ in range(2000)]

    assert draw(1) == draw(1) != draw(2)
    kinds = [fault.when for fault in draw(1) if fault is not None]
    assert 0.28 < len(kinds) / 2000 < 0.36
    assert set(kinds) == {"before", "after", "late"}
    assert {fault.how for fault in draw(1) if fault} == {"503", "html", "broken", "reset", "hang", "429"}


def test_reads_meet_chance_only_when_asked() -> None:
    faults = Faults()

    faults.chaos({"before": 1.0})
    assert (faults.next("read"), faults.next("write") is not None) == (None, True)
    faults.chaos({"before": 1.0}, on="any")
    assert (faults.next("read") is not None, faults.next("token")) == (True, None)


@pytest.mark.parametrize("wrong", [{"when": "never", "how": "503"}, {"when": "after", "how": "429"}])
def test_a_fault_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Fault(**wrong)


def test_two_hundred_rows_through_chaos_none_lost_none_doubled(client: gspread.Client, sheets: LocalSheets) -> None:
    """The token discipline of the design, in ten lines, against every fault at once."""
    sheets.faults.chaos({"before": 0.15, "after": 0.15, "late": 0.1, "429": 0.05}, seed=3, late_s=0.05)
    for number in range(1, 201):
        for _ in range(50):
            outcome = send(client, number, f"r{number}")
            if outcome == 200 or (outcome == 400 and number in sheets.book("demo").metadata):
                break
    assert sheets.drain(5)

    assert sorted(row[0] for row in sheets.rows("demo", 0)) == sorted(f"r{n}" for n in range(1, 201))
    assert sheets.counts["write"] > 240


def test_faults_and_settings_can_be_switched_over_http(base_url: str, sheets: LocalSheets) -> None:
    api = f"{base_url}/playground/api"

    requests.post(f"{api}/faults", json={"when": "before", "how": "503", "times": 3}, timeout=5).raise_for_status()
    requests.post(f"{api}/settings", json={"latency_s": 0.3, "writes_per_minute": 5}, timeout=5).raise_for_status()
    requests.post(f"{api}/chaos", json={"chances": {"before": 0.5}, "seed": 1}, timeout=5).raise_for_status()
    assert sheets.faults.pending() == [Fault("before", "503", 3)]
    assert (sheets.faults.latency_s, sheets.quota.writes) == (0.3, 5)
    wrong = requests.post(f"{api}/faults", json={"when": "before", "how": "nonsense"}, timeout=5)
    assert wrong.status_code == 400
    requests.delete(f"{api}/faults", timeout=5).raise_for_status()
    assert sheets.faults.pending() == []


def test_artificial_latency_slows_every_call(client: gspread.Client, sheets: LocalSheets) -> None:
    sheets.faults.latency_s = 0.15

    started = time.monotonic()
    assert send(client, 1) == 200

    assert time.monotonic() - started >= 0.15
