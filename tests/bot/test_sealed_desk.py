"""Integrity officers on their page: the link, the reason, what they do; and who may do what, as a table."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from werkzeug.test import TestResponse

from survey import audit, db, leaving, sealed_desk
from survey.sealed_case import number
from survey.sealed_keys import Sealer
from survey.tables import audit_log, sealed_links
from survey.tables import officers as officers_table
from tests.bot.sealed_web import KEYS, MAIN, WORDS, Visitor, Web, text, upload, web
from tests.survey.conftest import hurry
from tests.survey.sealed_kit import KEY

READERS = ("กัน", "มะลิ")


@pytest.fixture
def here(sqlite_engine: Engine) -> Iterator[Web]:
    with web(hurry(sqlite_engine), *READERS) as found:
        yield found


@pytest.fixture
def both(engine: Engine) -> Iterator[Web]:
    """On both kinds of database."""
    with web(engine, *READERS) as found:
        yield found


def reported(here: Web, **fields: Any) -> str:
    """A report; its id."""
    before = {row.id for row in here.reports()}
    here.visitor().report(**fields)
    [new] = {row.id for row in here.reports()} - before
    return str(new)


def act(reader: Visitor, report: str, what: str, **fields: Any) -> Any:
    return reader.send(f"desk/{report}/{what}", page=f"desk/{report}", **fields)


def logged(here: Web) -> list[tuple[str, str, str]]:
    """(who, what, why) of every entry of the audit log."""
    names = {officer: name for name, officer in here.staff.items()}
    with db.read(here.engine) as conn:
        rows = conn.execute(select(audit_log).order_by(audit_log.c.number)).all()
        assert audit.fault(conn, KEYS, "main") == ""
    return [(names.get(row.actor, row.actor), row.action, row.reason) for row in rows]


# ---- the link ----


def test_looking_at_the_link_changes_nothing_and_pressing_uses_it_up(both: Web) -> None:
    token = both.link("กัน")
    visitor = both.visitor()

    for _ in range(2):  # a preview of the chat, a second look
        assert "เข้าสู่หน้ารับเรื่อง" in text(visitor.get(f"enter/{token}"))
    assert visitor.send(f"enter/{token}").location == "/sealed/main/desk"

    again = both.visitor().send(f"enter/{token}")
    assert again.status_code == 403
    assert "ลิงก์ใช้ไปแล้วหรือหมดอายุ" in text(again)
    assert both.rows()["sealed_links"] == 0
    assert logged(both) == [("กัน", "enter", "")]


def test_a_link_pressed_from_elsewhere_is_not_used_up(here: Web) -> None:
    token = here.link("กัน")

    refused = here.visitor().post(f"enter/{token}", form="forged")

    assert refused.status_code == 422
    assert here.visitor().send(f"enter/{token}").status_code == 303


def test_the_link_is_over_after_ten_minutes_and_kept_only_as_a_hash(here: Web) -> None:
    token = here.link("กัน")
    with db.read(here.engine) as conn:
        assert token not in str(conn.execute(select(sealed_links)).all())

    here.later(minutes=10)

    assert here.visitor().send(f"enter/{token}").status_code == 403


def test_of_two_who_press_at_once_one_comes_in(both: Web) -> None:
    token = both.link("กัน")
    visitors = [both.visitor() for _ in range(2)]
    forms = [visitor.form(f"enter/{token}") for visitor in visitors]

    answers = [v.post(f"enter/{token}", form=form).status_code for v, form in zip(visitors, forms, strict=True)]

    assert sorted(answers) == [303, 403]


def test_a_link_of_one_agency_opens_nothing_of_another(here: Web) -> None:
    here.hire("ที่อื่น", agency="other")
    token = here.link("ที่อื่น", agency="other")

    assert here.visitor().send(f"enter/{token}").status_code == 403
    assert here.visitor(agency="other").send(f"enter/{token}").status_code == 303


# ---- reading ----


def test_the_list_tells_number_month_status_and_nothing_said(here: Web) -> None:
    report = reported(here)
    page = text(here.reader("กัน").get("desk"))

    assert number(report) in page
    assert "ก.พ. 70" in page
    assert "รอผู้รับเรื่อง" in page
    assert WORDS not in page


def test_who_waits_stands_first_and_then_the_newest_month(here: Web) -> None:
    old, answered = reported(here), reported(here)
    reader = here.reader("กัน")
    reader.open(answered)
    act(reader, answered, "answer", words="รับเรื่องแล้วค่ะ")
    here.later(days=28)
    new = reported(here)

    page = text(here.reader("กัน").get("desk"))

    assert sorted((old, answered, new), key=lambda one: page.index(number(one))) == [new, old, answered]


def test_content_is_shown_only_after_a_reason_which_is_written_down(both: Web) -> None:
    report = reported(both, files=[upload("หลักฐาน.pdf", b"proof")])
    reader = both.reader("กัน")

    asked = reader.get(f"desk/{report}")
    assert WORDS not in asked.text
    for reason in ("", "because I want to"):
        refused = act(reader, report, "open", reason=reason)
        assert refused.status_code == 422
        assert WORDS not in refused.text
        assert "กรุณาเลือกเหตุผลที่เปิดอ่าน" in text(refused)
    assert WORDS in reader.open(report, "facts").text

    assert logged(both) == [("กัน", "enter", ""), ("กัน", "open", "facts")]


def test_a_report_is_closed_again_by_going_back_to_the_list(here: Web) -> None:
    report = reported(here)
    reader = here.reader("กัน")
    reader.open(report)

    reader.get("desk")

    assert WORDS not in reader.get(f"desk/{report}").text


def test_only_the_one_report_that_was_opened_lies_open(here: Web) -> None:
    first, second = reported(here), reported(here, words="เรื่องที่สอง เบิกเท็จ")
    reader = here.reader("กัน")
    reader.open(first)

    assert "เบิกเท็จ" not in reader.get(f"desk/{second}").text
    answer = act(reader, second, "answer", words="ตอบผิดเรื่อง")
    assert answer.status_code == 422
    assert here.rows()["sealed_messages"] == 0


def test_files_are_given_out_one_by_one_and_each_is_written_down(here: Web) -> None:
    report = reported(here, files=[upload("หลักฐาน.pdf", b"proof")])
    reader = here.reader("กัน")
    page = reader.open(report).text
    [file] = sealed_files_of(here, report)

    assert f"desk/{report}/file/{file}" in page
    given = reader.get(f"desk/{report}/file/{file}")
    assert given.data == b"proof"
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["Content-Type"] == "application/octet-stream"
    assert given.headers["Cache-Control"] == "no-store"
    assert reader.get(f"desk/{report}/file/nothing").status_code == 404
    assert [entry[1] for entry in logged(here)] == ["enter", "open", "file"]


def sealed_files_of(here: Web, report: str) -> list[str]:
    with db.read(here.engine) as conn:
        row = sealed_desk.report(conn, Sealer([KEY]), "main", here.staff["กัน"], report)
        assert row is not None
        return [file.id for file in sealed_desk.opened(conn, Sealer([KEY]), row).files]


# ---- answering, status ----


def test_answers_notes_and_status_are_kept_said_and_written_down(both: Web) -> None:
    report = reported(both)
    reader = both.reader("กัน")
    reader.open(report)

    for what, fields in (
        ("answer", {"words": "ขอวันเวลาด้วยค่ะ"}),
        ("note", {"words": "ขอสำเนาสัญญาจากคลัง"}),
        ("status", {"status": "in_progress", "words": "", "revision": "1"}),
        ("status", {"status": "referred", "words": "ส่ง ป.ป.ช. แล้ว", "revision": "2"}),
    ):
        assert act(reader, report, what, **fields).status_code == 303

    page = text(reader.get(f"desk/{report}"))
    assert "ตอบผู้แจ้ง · กัน" in page
    assert "บันทึกภายใน · กัน" in page
    assert [entry[1:] for entry in logged(both)[2:]] == [
        ("answer", ""),
        ("note", ""),
        ("status", "in_progress"),
        ("status", "referred"),
    ]
    [row] = both.reports()
    assert (row.status, row.closed_month) == ("referred", "2027-02")


@pytest.mark.parametrize(
    ("what", "fields", "said"),
    [
        ("answer", {"words": "  "}, "กรุณาพิมพ์ข้อความก่อน"),
        ("answer", {"words": "ก" * 4001}, "ข้อความยาวเกินไป"),
        ("status", {"status": "resolved", "words": "", "revision": "1"}, "ต้องพิมพ์ผลให้ผู้แจ้งทราบ"),
        ("status", {"status": "received", "words": "x", "revision": "1"}, "ไม่มีสถานะนี้"),
        ("status", {"status": "nonsense", "words": "x", "revision": "1"}, "ไม่มีสถานะนี้"),
        ("status", {"status": "in_progress", "words": "x", "revision": "9"}, "มีผู้เปลี่ยนสถานะเรื่องนี้ก่อนแล้ว"),
        ("status", {"status": "in_progress", "words": "x", "revision": "ๆ"}, "มีผู้เปลี่ยนสถานะเรื่องนี้ก่อนแล้ว"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_done(here: Web, what: str, fields: dict[str, str], said: str) -> None:
    report = reported(here)
    reader = here.reader("กัน")
    reader.open(report)

    refused = act(reader, report, what, **fields)

    assert refused.status_code == 422
    assert said in text(refused)
    assert [entry[1] for entry in logged(here)] == ["enter", "open"]
    assert here.reports()[0].status == "received"


def test_a_form_sent_twice_is_said_once(here: Web) -> None:
    report = reported(here)
    reader = here.reader("กัน")
    reader.open(report)
    form = reader.form(f"desk/{report}")

    for _ in range(2):
        assert reader.post(f"desk/{report}/answer", form=form, words="รับเรื่องแล้วค่ะ").status_code == 303

    assert here.rows()["sealed_messages"] == 1
    assert [entry[1] for entry in logged(here)].count("answer") == 1


def test_what_is_not_there_cannot_be_done(here: Web) -> None:
    report = reported(here)
    reader = here.reader("กัน")
    reader.open(report)

    assert act(reader, report, "delete", words="x").status_code == 404


# ---- who may do what ----

# who                     enter  list   see it  open   answer  note   status  file
TABLE = """
nobody                  | -     | out  | out   | out  | out  | out  | out  | out
reporter                | -     | out  | out   | out  | out  | out  | out  | out
integrity               | yes   | yes  | asked | yes  | yes  | yes  | yes  | yes
integrity, not opened   | yes   | yes  | asked | yes  | no   | no   | no   | asked
excluded                | yes   | not  | none  | none | none | none | none | none
viewer                  | no    | out  | out   | out  | out  | out  | out  | out
officer                 | no    | out  | out   | out  | out  | out  | out  | out
admin                   | no    | out  | out   | out  | out  | out  | out  | out
removed meanwhile       | yes   | out  | out   | out  | out  | out  | out  | out
admin meanwhile         | yes   | out  | out   | out  | out  | out  | out  | out
half an hour later      | yes   | out  | out   | out  | out  | out  | out  | out
of another agency       | no    | out  | out   | out  | out  | out  | out  | out
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
ENTERING = [pytest.param(who, enters, id=who) for who, enters, *_ in ROWS if enters != "-"]
DEEDS = ("list", "see it", "open", "answer", "note", "status", "file")
SAID = {  # outcome: (HTTP status, what stands on the page)
    "out": (403, "เข้าไม่ได้"),
    "asked": (200, "เปิดอ่านเพราะเหตุใด"),
    "no": (422, "เปิดอ่านเพราะเหตุใด"),
    "none": (404, "Not Found"),
    "not": (200, "ยังไม่มีเรื่อง"),
}


def somebody(here: Web, who: str, report: str, code: str) -> Visitor:
    """A browser of this person, as far in as they come, with the report open when they may open it."""
    visitor = here.visitor(agency="other" if who == "of another agency" else "main")
    if who == "nobody":
        return visitor
    if who == "reporter":
        visitor.follow(code)
        return visitor
    comes_in(here, who, visitor)
    if who in ("integrity", "removed meanwhile", "admin meanwhile", "half an hour later"):
        visitor.open(report)
    changes(here, who)
    visitor.agency = "main"
    return visitor


def comes_in(here: Web, who: str, visitor: Visitor) -> int:
    """Press the link; for those who never get one, one that was made all the same."""
    name = "มะลิ" if who == "excluded" else "กัน"
    if who in ("viewer", "officer", "admin"):
        here.hire(who, who)
        name = who
    if who == "of another agency":
        here.hire(who, agency="other")
        return visitor.send(f"enter/{here.link(who, agency='other')}").status_code
    return visitor.send(f"enter/{here.link(name, who if name == who else 'integrity')}").status_code


def changes(here: Web, who: str) -> None:
    if who == "removed meanwhile":
        with db.write(here.engine) as conn:
            leaving.leave(conn, MAIN, here.staff["กัน"], here.now)
    elif who == "admin meanwhile":
        with db.write(here.engine) as conn:
            mine = officers_table.c.id == here.staff["กัน"]
            conn.execute(update(officers_table).where(mine).values(role="admin"))
    elif who == "half an hour later":
        here.later(minutes=31)


@pytest.fixture
def case(here: Web) -> tuple[str, str, str]:
    """A report that "มะลิ" may not know of: its id, code and file."""
    visitor = here.visitor()
    code = visitor.report(without=here.staff["มะลิ"], files=[upload("หลักฐาน.pdf", b"proof")])
    report = str(here.reports()[0].id)
    return report, code, sealed_files_of(here, report)[0]


@pytest.mark.parametrize(("who", "enters"), ENTERING)
def test_who_comes_in(here: Web, case: tuple[str, str, str], who: str, enters: str) -> None:
    visitor = here.visitor(agency="main")
    if who == "of another agency":
        here.hire(who, agency="other")
        status = visitor.send(f"enter/{here.link(who, agency='other')}").status_code
    else:
        status = comes_in(here, who, visitor)

    assert case
    assert status == (303 if enters == "yes" else 403)


@pytest.mark.parametrize(("who", "expected"), [pytest.param(who, cells, id=who) for who, _, *cells in ROWS])
def test_the_table(here: Web, case: tuple[str, str, str], who: str, expected: list[str]) -> None:
    report, code, file = case
    visitor = somebody(here, who, report, code)
    form, at = visitor.form("follow"), f"desk/{report}"
    status = {"status": "in_progress", "revision": "1"}
    doing: dict[str, Callable[[], TestResponse]] = {
        "answer": lambda: visitor.post(f"{at}/answer", form=form, words="ค่ะ"),
        "note": lambda: visitor.post(f"{at}/note", form=visitor.form("follow"), words="ค่ะ"),
        "status": lambda: visitor.post(f"{at}/status", form=form, words="ค่ะ", **status),
        "file": lambda: visitor.get(f"{at}/file/{file}"),
        "list": lambda: visitor.get("desk"),
        "see it": lambda: visitor.get(at),
        "open": lambda: visitor.post(f"{at}/open", form=form, reason="first"),
    }

    found = {}
    for deed, do in doing.items():
        before = (here.reports(), here.rows())
        answer = do()
        found[deed] = outcome(answer)
        changed = (here.reports(), here.rows()) != before
        assert changed == (found[deed] == "yes" and deed != "list"), deed
        assert WORDS not in answer.text

    assert found == dict(zip(DEEDS, expected, strict=True))


def outcome(answer: TestResponse) -> str:
    page = text(answer)
    return next((name for name, (status, said) in SAID.items() if answer.status_code == status and said in page), "yes")
