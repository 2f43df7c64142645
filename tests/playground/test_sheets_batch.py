"""``batchUpdate``: all or nothing, unique metadata ids, typed cells. Answers are checked by Google's description."""

from typing import Any

import pytest

from bot.playground.sheets import LocalSheets
from bot.playground.sheets_calls import understand
from bot.playground.sheets_errors import ApiError
from tests.google_discovery import GoogleWouldRefuse, check, check_request, check_response

Json = dict[str, Any]


@pytest.fixture
def sheets() -> LocalSheets:
    sheets = LocalSheets()
    sheets.create_spreadsheet("demo", "แบบสอบถาม")
    return sheets


def call(sheets: LocalSheets, method_path: str, body: Json | None = None, **params: str) -> Json:
    """One call without HTTP, checked both ways."""
    check_request(method_path, body, params)
    verb, _, path = method_path.partition(" /v4/spreadsheets/")
    answer = sheets.perform(understand(verb, path), {name: [value] for name, value in params.items()}, body or {})
    check_response(method_path, answer)
    return answer


def batch(sheets: LocalSheets, *requests: Json) -> list[Json]:
    replies: list[Json] = call(sheets, "POST /v4/spreadsheets/demo:batchUpdate", {"requests": list(requests)})[
        "replies"
    ]
    return replies


def token(number: int, value: str = "batch-uuid") -> Json:
    meta = {"metadataId": number, "metadataKey": "siang.batch", "metadataValue": value, "visibility": "DOCUMENT"}
    return {"createDeveloperMetadata": {"developerMetadata": meta | {"location": {"spreadsheet": True}}}}


def rows(*lines: list[Any], sheet_id: int = 0) -> Json:
    """An appendCells request of text and numbers."""
    data = [{"values": [{"userEnteredValue": _typed(value)} for value in line]} for line in lines]
    return {"appendCells": {"sheetId": sheet_id, "rows": data, "fields": "userEnteredValue"}}


def _typed(value: Any) -> Json:
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": value}


def test_a_batch_with_one_bad_request_changes_nothing(sheets: LocalSheets) -> None:
    before = sheets.book("demo")

    with pytest.raises(ApiError, match=r"Invalid requests\[2\].appendCells: No grid with id: 99"):
        batch(sheets, token(1), rows(["r1"]), rows(["r2"], sheet_id=99))

    assert sheets.book("demo") is before
    assert sheets.rows("demo", 0) == []


def test_the_same_token_twice_is_refused_and_doubles_no_row(sheets: LocalSheets) -> None:
    batch(sheets, token(7), rows(["r1"]))

    with pytest.raises(ApiError, match=r"Invalid requests\[0\].createDeveloperMetadata: .*7 already exists") as refused:
        batch(sheets, token(7), rows(["r1"]))

    assert refused.value.body()["error"]["status"] == "INVALID_ARGUMENT"
    assert sheets.rows("demo", 0) == [["r1"]]
    found = call(sheets, "GET /v4/spreadsheets/demo/developerMetadata/7")
    assert found["metadataValue"] == "batch-uuid"


def test_a_token_is_found_by_key_deleted_and_free_again(sheets: LocalSheets) -> None:
    batch(sheets, token(1), token(2), token(3))
    by_key = {"developerMetadataLookup": {"metadataKey": "siang.batch"}}
    by_id = {"developerMetadataLookup": {"metadataId": 2}}

    found = call(sheets, "POST /v4/spreadsheets/demo/developerMetadata:search", {"dataFilters": [by_key]})
    assert [each["developerMetadata"]["metadataId"] for each in found["matchedDeveloperMetadata"]] == [1, 2, 3]
    [reply] = batch(sheets, {"deleteDeveloperMetadata": {"dataFilter": by_id}})
    assert len(reply["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]) == 1
    with pytest.raises(ApiError) as gone:
        call(sheets, "GET /v4/spreadsheets/demo/developerMetadata/2")
    assert (gone.value.code, gone.value.message) == (404, "Requested entity was not found.")
    batch(sheets, token(2))


def test_tokens_are_limited_to_30000_characters_together(sheets: LocalSheets) -> None:
    batch(sheets, token(1, "x" * 29_000))

    with pytest.raises(ApiError, match="30000 characters"):
        batch(sheets, token(2, "x" * 1_000))


def test_text_stays_text_whatever_it_begins_with(sheets: LocalSheets) -> None:
    hostile = ['=IMPORTXML("http://evil")', "0812345678", "+66", "TRUE", "<img onerror=alert(1)>"]

    batch(sheets, rows(hostile))

    assert sheets.rows("demo", 0) == [hostile]
    shown = call(sheets, "GET /v4/spreadsheets/demo/values/A1:E1")
    assert shown["values"] == [hostile]
    formula = call(sheets, "GET /v4/spreadsheets/demo/values/A1", valueRenderOption="FORMULA")
    assert formula["values"] == [[hostile[0]]]


def test_numbers_and_dates_are_shown_by_their_number_format(sheets: LocalSheets) -> None:
    def cell(number: float, kind: str, pattern: str) -> Json:
        look = {"numberFormat": {"type": kind, "pattern": pattern}}
        return {"userEnteredValue": {"numberValue": number}, "userEnteredFormat": look}

    line = [cell(84.125, "NUMBER", "0.00"), cell(0.456, "PERCENT", "0%"), cell(46054, "DATE", "d mmm yyyy")]
    line += [cell(1234567, "NUMBER", "#,##0"), cell(46054.5, "DATE_TIME", "yyyy-mm-dd hh:mm")]
    fields = "userEnteredValue,userEnteredFormat.numberFormat"
    batch(sheets, {"appendCells": {"sheetId": 0, "rows": [{"values": line}], "fields": fields}})

    [shown] = call(sheets, "GET /v4/spreadsheets/demo/values/A1:E1")["values"]
    [plain] = call(
        sheets,
        "GET /v4/spreadsheets/demo/values/A1:E1",
        valueRenderOption="UNFORMATTED_VALUE",
        dateTimeRenderOption="FORMATTED_STRING",
    )["values"]
    assert shown == ["84.13", "46%", "1 ก.พ. 2026", "1,234,567", "2026-02-01 12:00"]
    assert plain == [84.125, 0.456, "1 ก.พ. 2026", 1234567, "2026-02-01 12:00"]


def test_rows_go_below_the_last_row_with_data_and_the_grid_grows(sheets: LocalSheets) -> None:
    batch(sheets, rows(*([f"r{n}"] for n in range(1000))))
    sheets.staff.delete_rows("demo", 0, 990, 10)
    batch(sheets, rows(["ต่อ"], ["ท้าย"], *(["x"] for _ in range(20))))

    found = sheets.rows("demo", 0)
    assert (found[989], found[990], found[991]) == (["r989"], ["ต่อ"], ["ท้าย"])
    assert sheets.book("demo").tab(0).row_count == 1012


def test_cells_beyond_the_last_column_are_refused(sheets: LocalSheets) -> None:
    with pytest.raises(ApiError, match=r"exceeds grid limits. Max rows: 1000, max columns: 26"):
        batch(sheets, rows(["x"] * 27))


def test_ten_million_cells_are_the_limit(sheets: LocalSheets) -> None:
    big = {"title": "ใหญ่", "gridProperties": {"rowCount": 384_000, "columnCount": 26}}

    with pytest.raises(ApiError, match="above the limit of 10000000 cells"):
        batch(sheets, {"addSheet": {"properties": big}})


def test_update_cells_writes_only_what_the_field_mask_names(sheets: LocalSheets) -> None:
    batch(sheets, rows(["ก", "ข"]))
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}

    batch(sheets, {"repeatCell": {"range": area, "cell": bold, "fields": "userEnteredFormat.textFormat.bold"}})
    new = [{"values": [{"userEnteredValue": {"stringValue": "ค"}}]}]
    batch(sheets, {"updateCells": {"range": area, "rows": new, "fields": "userEnteredValue"}})

    assert sheets.rows("demo", 0) == [["ค"]]
    data = call(sheets, "GET /v4/spreadsheets/demo", includeGridData="true")["sheets"][0]["data"][0]["rowData"]
    assert [cell["userEnteredFormat"] for cell in data[0]["values"]] == [bold["userEnteredFormat"]] * 2


def test_a_protected_column_moves_with_its_cells(sheets: LocalSheets) -> None:
    area = {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 1}
    batch(sheets, {"addProtectedRange": {"protectedRange": {"range": area, "description": "id"}}})

    sheets.staff.add_column("demo", 0, 0, "หมายเหตุของเจ้าหน้าที่")

    [protected] = call(sheets, "GET /v4/spreadsheets/demo")["sheets"][0]["protectedRanges"]
    assert (protected["range"]["startColumnIndex"], protected["range"]["endColumnIndex"]) == (1, 2)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"addSheet": {"properties": {"title": "ชีต1"}}}, "already exists. Please enter another name"),
        ({"deleteSheet": {"sheetId": 0}}, "can't remove all the sheets"),
        ({"appendCells": {"sheetId": 0, "rows": []}}, "At least one field must be listed"),
        ({"appendCells": []}, "an object is expected"),
        ({"addSheet": {"properties": "ผล"}}, "Invalid value at 'requests\\[0\\].addSheet'"),
        ({"mergeCells": {"mergeType": "MERGE_ALL"}}, "does not do this request"),
    ],
)
def test_what_google_refuses_is_refused_in_words(sheets: LocalSheets, request_: Json, words: str) -> None:
    with pytest.raises(ApiError, match=words) as refused:
        sheets.perform(understand("POST", "demo:batchUpdate"), {}, {"requests": [request_]})
    assert refused.value.code == 400


def test_a_misspelt_field_is_refused_by_the_service_and_by_the_description(sheets: LocalSheets) -> None:
    misspelt = {"requests": [{"appendCells": {"sheetid": 0, "rows": [], "fields": "*"}}]}

    with pytest.raises(ApiError, match='Unknown name "sheetid"'):
        sheets.perform(understand("POST", "demo:batchUpdate"), {}, misspelt)
    with pytest.raises(GoogleWouldRefuse, match="sheetid"):
        check_request("spreadsheets.batchUpdate", misspelt)


def test_the_description_refuses_two_kinds_of_request_in_one() -> None:
    with pytest.raises(GoogleWouldRefuse):
        check("Request", {"appendCells": {}, "addSheet": {}})
    with pytest.raises(GoogleWouldRefuse, match="numberValue"):
        check("ExtendedValue", {"numberValue": "12"})
