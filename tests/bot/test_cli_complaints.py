"""``siang complaints`` as an operator and a program meet it."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from sqlalchemy import Engine

from bot.cli import context
from survey import complaint, db, tickets
from survey.complaint import Deed
from survey.settings import Agency, Department, Office
from survey.tickets import Filing
from tests.bot import command
from tests.bot.command import at_office

OFFICE = """
name = "อบต.ทดลอง"
[[department]]
id = "clerk"
title = "สำนักปลัด"
[[department]]
id = "works"
title = "กองช่าง"
"""
AGENCY = Agency("main", "อบต.ทดลอง", office=Office(departments=(Department("clerk", ""), Department("works", ""))))
NOON = datetime(2027, 2, 10, 5, tzinfo=UTC)


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    at_office(tmp_path, monkeypatch, sqlite_url, OFFICE)
    monkeypatch.setattr(context, "now", lambda: datetime(2027, 3, 2, 5, tzinfo=UTC))
    engine = db.connect(sqlite_url)
    yield engine
    engine.dispose()


def siang(*arguments: str, code: int = 0) -> Result:
    result = command.siang("complaints", *arguments)
    assert result.exit_code == code, result.output
    return result


def file(store: Engine, words: str = "ไฟดับหน้าบ้านนายสมชาย 081-234-5678", category: str = "light", **more: Any) -> Any:
    with db.write(store) as conn:
        return tickets.file(conn, AGENCY, Filing(words, category, **more), NOON)


def stats(*arguments: str) -> Any:
    return json.loads(siang("stats", *arguments, "--format", "json").output)


def value(found: Any, group: str, name: str, track: str = "ordinary") -> Any:
    [row] = [r for r in found["rows"] if (r["track"], r["group"], r["name"]) == (track, group, name)]
    return row["value"]


def test_the_list_names_tickets_and_nobodys_words(store: Engine) -> None:
    row = file(store)
    file(store, category="road", channel="phone", filed_by="o1")

    everything, late = siang("list").output, siang("list", "--late").output

    assert complaint.shown(row.ticket) in everything
    assert "ไฟฟ้าสาธารณะ" in everything
    assert len(late.splitlines()) == 3
    assert not any(word in everything for word in ("สมชาย", "234-5678", "หน้าบ้าน"))
    assert siang("list", "--status", "resolved").output == "No complaints in ปีงบประมาณ 2570.\n"
    assert len(siang("list", "--department", "works", "--month", "2570-02").output.splitlines()) == 3


def test_one_ticket_is_shown_masked_with_its_history(store: Engine) -> None:
    row = file(store)
    with db.write(store) as conn:
        tickets.act(conn, AGENCY, row.id, Deed("accept", "officer", "o1"), NOON)

    shown = siang("show", complaint.shown(row.ticket)).output

    assert "[ชื่อ]" in shown
    assert "234-5678" not in shown
    assert "2027-02-10 12:00" in shown
    assert "accept" in shown


def test_a_complaint_about_staff_is_shown_without_its_words(store: Engine) -> None:
    row = file(store, "เจ้าหน้าที่คนหนึ่งพูดไม่ดี", "staff")

    assert "พูดไม่ดี" not in siang("show", row.ticket).output


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("12", "is no ticket"), ("482-9152", "is no ticket"), ("๔๘๒-๙๑๕๑", "There is no ticket 482-9151")],
)
def test_what_is_no_ticket_says_so(store: Engine, typed: str, sentence: str) -> None:
    assert sentence in siang("show", typed, code=2).output


def test_the_numbers_in_every_form_agree(store: Engine, tmp_path: Path) -> None:
    for _ in range(6):
        file(store)
    file(store, category="road")

    found = stats("--month", "2570-02")
    body = list(csv.DictReader(io.StringIO(siang("stats", "--month", "2570-02", "--format", "csv").output)))
    siang("stats", "--month", "2570-02", "--format", "xlsx", "--out", "s.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx").active
    assert sheet is not None
    cells = list(sheet.iter_rows(values_only=True))[1:]

    assert (value(found, "total", "received"), value(found, "total", "overdue")) == (7, 7)
    assert value(found, "category", "light") is None  # the smallest beside the one that is withheld
    assert value(found, "category", "road") is None
    assert value(found, "total", "received", "sealed") == 0
    assert [r["name"] for r in found["rows"]] == [r["name"] for r in body] == [c[2] for c in cells]
    assert [r["value"] for r in found["rows"]] == [c[4] for c in cells]


def test_the_table_says_what_is_withheld_and_that_it_may_change(store: Engine) -> None:
    file(store)

    shown = siang("stats", "--quarter", "2570-q2").output

    assert "ไตรมาสที่ 2 ปีงบประมาณ 2570" in shown
    assert "ยังไม่ยืนยันช่องทางอื่น" in shown
    assert "ม.ค. 70, ก.พ. 70, มี.ค. 70" in shown
    assert "ไม่แสดง" in shown


def test_nothing_is_final_only_after_somebody_confirmed_it(store: Engine) -> None:
    assert stats("--month", "2570-02")["sentence"] == "ไม่มีเรื่องร้องเรียนผ่าน LINE (ยังไม่ยืนยันช่องทางอื่น)"

    assert "โทรศัพท์ 0" in siang("confirm", "--month", "2570-02", "--by", "สมหญิง").output

    found = stats("--month", "2570-02")
    assert (found["final"], found["sentence"]) == (True, "ไม่มีเรื่องร้องเรียน")
    assert "is not over yet" in siang("confirm", "--month", "2570-03", "--by", "สมหญิง", code=2).output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["stats", "--month", "2570-02", "--half", "2570-h1"], "Give one of"),
        (["stats", "--quarter", "2570-q5"], "write it like 2570-q1"),
        (["stats", "--half", "2570"], "write it like 2570-h1"),
        (["stats", "--month", "feb"], "not a month"),
        (["stats", "--format", "xlsx"], "give --out FILE"),
    ],
)
def test_wrong_use_is_told_in_one_sentence(store: Engine, arguments: list[str], sentence: str) -> None:
    assert sentence in siang(*arguments, code=2).output


def test_a_file_that_is_there_is_not_written_over(store: Engine, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("mine")

    siang("stats", "--format", "csv", "--out", "s.csv", code=2)
    assert (tmp_path / "s.csv").read_text() == "mine"

    siang("stats", "--half", "2570-1", "--format", "csv", "--out", "s.csv", "--force")
    assert (tmp_path / "s.csv").read_bytes().startswith(b"\xef\xbb\xbftrack,")
