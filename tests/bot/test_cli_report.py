"""``siang report``: files whole or not at all, facts asked for at once, nothing of ours in an official document."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, insert

from analysis import dataset, report_levels
from analysis.report import ANNEX, KINDS
from analysis.report_levels import LevelsError
from survey import db, rounds, thai
from survey.privacy import Keys, random_id
from survey.settings import Agency
from survey.tables import comments
from tests.analysis.people import FEB, ITEMS, crowd, file, file_points, instruments
from tests.bot.command import at_office, siang
from tests.conftest import OFFICE

PUBLISHED = Path(__file__).parents[1] / "data" / "published"
AGENCY = """
name = "เทศบาลตำบลตัวอย่าง"
[[department]]
id = "clerk"
title = "สำนักปลัด"
owns = ["e1"]
[[point]]
id = "tax"
title = "งานจัดเก็บรายได้"
department = "clerk"
[report]
head = "นายตัวอย่าง ใจดี"
head_position = "นายกเทศมนตรีตำบลตัวอย่าง"
office = "สำนักปลัดเทศบาล"
memo_prefix = "ตย 52001/"
[[signatory]]
name = "นางสาวตัวอย่าง ขยันยิ่ง"
position = "นักวิเคราะห์นโยบายและแผน"
"""
MEMO = ("--memo-number", "๑๕", "--memo-date", "2570-03-05")


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office with a migrated database; its folder is the current one. Today is 5 March 2027."""
    at_office(tmp_path, monkeypatch, sqlite_url, AGENCY)
    return tmp_path


@pytest.fixture
def store(office: Path, sqlite_url: str) -> Iterator[Engine]:
    engine = db.connect(sqlite_url)
    yield engine
    engine.dispose()


def imported(name: str = "phrathaen-2567") -> None:
    assert siang("ita", "import", PUBLISHED / f"{name}.csv").exit_code == 0


def filled(engine: Engine) -> None:
    file(engine, *crowd(40), completed_on=FEB)
    file_points(engine, 40, "tax")
    rows = [{"agency_id": "main", "id": random_id(), "kind": "eit", "month": "2027-02", "text": "ไฟดับบ่อย"}]
    with db.write(engine) as conn:
        conn.execute(insert(comments), rows)


def pdf_text(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def docx_text(path: Path) -> str:
    """In the order of the document, tables too."""
    body = zipfile.ZipFile(path).read("word/document.xml").decode()
    return "\n".join("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", one)) for one in body.split("</w:p>"))


def test_a_document_is_three_files_and_the_numbers_are_those_published(office: Path) -> None:
    imported()

    made = siang("report", "analysis", "--fiscal-year", 2567, "--out", "documents")

    assert (made.exit_code, made.stdout) == (0, "Wrote documents/analysis-2567.docx|pdf|xlsx\n")
    assert "Reading" in made.stderr
    names = sorted(path.name for path in (office / "documents").iterdir())
    assert names == ["analysis-2567.docx", "analysis-2567.pdf", "analysis-2567.xlsx"]
    text = docx_text(office / "documents" / "analysis-2567.docx")
    for number in ("99.60", "99.37", "99.77", "98.84", "98.06", "99.68"):
        assert number in text, number
    assert "o34" in pypdf.PdfReader(office / "documents" / "analysis-2567.pdf").pages[0].extract_text()
    assert load_workbook(office / "documents" / "analysis-2567.xlsx").sheetnames[0]


def test_all_of_them_and_the_cover_of_each(office: Path, store: Engine) -> None:
    filled(store)
    imported("don-2566-2567")
    siang("measures", "suggest", "--fiscal-year", 2568, "--add")

    made = siang("report", "all", "--fiscal-year", 2570, "--month", "2570-02", "--cover", *MEMO, "--thai-digits")

    assert made.exit_code == 0, made.output
    analysed = docx_text(office / "reports" / "analysis-2567.docx")
    assert "มาตรการที่ดำเนินการในปีงบประมาณ ๒๕๖๘" in analysed
    stems = {path.stem for path in (office / "reports").iterdir()}
    expect = {f"{kind}-2570" for kind in KINDS if kind not in ("monthly", "memo", "analysis")}
    expect |= {"monthly-2570-02", "analysis-2567"}
    assert stems == expect | {f"memo-{stem}" for stem in expect} | {"memo-2567"}
    assert "Read every comment" in made.stderr
    memo = docx_text(office / "reports" / "memo-2567.docx")
    assert "ตย ๕๒๐๐๑/๑๕" in memo
    assert "๕ มีนาคม ๒๕๗๐" in memo
    assert "๙๓.๗๑" in memo


def test_without_a_result_all_makes_the_rest_and_says_what_is_left_out(office: Path, store: Engine) -> None:
    filled(store)

    made = siang("report", "all", *MEMO)

    assert made.exit_code == 1
    assert "memo: There is no official result of fiscal year" in made.stderr
    assert "analysis: There is no official result" in made.stderr
    assert len(list((office / "reports").iterdir())) == 15


def test_a_year_without_a_result_is_refused_in_one_sentence(office: Path) -> None:
    imported()

    made = siang("report", "analysis", "--fiscal-year", 2566)

    assert made.exit_code == 2
    assert made.stderr.splitlines()[-1] == (
        "siang: There is no official result of fiscal year 2566 (imported: 2567). "
        "Import it: siang ita import FILE; or name another year with --fiscal-year."
    )
    assert not (office / "reports").exists()
    assert siang("report", "memo", *MEMO).exit_code == 0  # of the newest that there is


def test_missing_facts_are_asked_for_in_one_message_and_nothing_is_written(office: Path) -> None:
    (office / "agency.toml").write_text('name = "อบต.ตัวอย่าง"\n', encoding="utf-8")
    imported()

    refused = siang("report", "memo")

    assert refused.exit_code == 2
    assert refused.stderr.startswith("siang: 6 facts are missing for these documents:\n  - name of the head")
    assert not (office / "reports").exists()
    given = ("--head", "นายก ใจดี", "--head-position", "นายก อบต.", "--office", "สำนักปลัด", *MEMO)
    signed = ("--signatory", "ก ข|นักวิชาการ", "--signatory", "ค ง|รองปลัด|รักษาราชการแทน ปลัด")
    assert siang("report", "memo", *given, *signed).exit_code == 0
    text = docx_text(office / "reports" / "memo-2567.docx")
    assert "รักษาราชการแทน ปลัด" in text
    assert "นายก ใจดี" in text


def test_an_edited_file_is_not_written_over_unless_told_to(office: Path, store: Engine) -> None:
    filled(store)
    target = office / "reports" / "monthly-2570-02.docx"
    target.parent.mkdir()
    target.write_bytes(b"edited")

    refused = siang("report", "monthly", "--month", "2570-02")

    assert refused.exit_code == 2
    assert "reports/monthly-2570-02.docx is there already, and somebody may have edited it" in refused.stderr
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert target.read_bytes() == b"edited"
    assert siang("report", "monthly", "--month", "2570-02", "--force").exit_code == 0
    assert target.read_bytes() != b"edited"


def test_our_own_scores_stand_only_in_the_annex(office: Path, store: Engine) -> None:
    file(store, *[ITEMS] * 40, completed_on=date(2024, 2, 14))
    imported()
    own = "93.33"

    for kind in ("memo", "implementation"):
        plain = siang("report", kind, "--fiscal-year", 2567, *MEMO, "--out", "plain")
        annexed = siang("report", kind, "--fiscal-year", 2567, *MEMO, "--annex", "--out", "annexed")
        assert (plain.exit_code, annexed.exit_code) == (0, 0), annexed.stderr
        without, with_ = (docx_text(office / f / f"{kind}-2567.docx") for f in ("plain", "annexed"))
        assert own not in without
        assert ANNEX not in without
        before, after = with_.split(ANNEX)
        assert own not in before
        assert own in after


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "yearly"), "'yearly' is not one of"),
        (("report", "memo", "--month", "2570-02", *MEMO), "memo takes no --month"),
        (("report", "monthly", "--quarter", "2570-q1"), "but for monthly --month"),
        (("report", "monthly", "--fiscal-year", "2569", "--month", "2570-02"), "2570-02 is not in fiscal year 2569"),
        (("report", "monthly", "--annex"), "--annex is for memo, analysis, implementation"),
        (("report", "monthly", "--memo-date", "yesterday"), "'yesterday' is no day"),
        (("report", "monthly", "--signatory", "only a name"), "write it as NAME|POSITION"),
        (("report", "satisfaction", "--levels", "bad.toml"), "bad.toml is not TOML"),
        (("report", "satisfaction", "--levels", "odd.toml"), "odd.toml: highest is None"),
    ],
)
def test_wrong_use_is_one_sentence(office: Path, arguments: tuple[str, ...], said: str) -> None:
    (office / "bad.toml").write_text("level =", encoding="utf-8")
    (office / "odd.toml").write_text("", encoding="utf-8")

    refused = siang(*arguments)

    assert refused.exit_code == 2
    assert said in refused.stderr
    assert not (office / "reports").exists()


def test_a_folder_that_cannot_be_written_is_said(office: Path) -> None:
    refused = siang("report", "monthly", "--month", "2570-02", "--out", "agency.toml/reports")

    assert refused.exit_code == 2
    assert "reports cannot be written" in refused.stderr


def test_own_levels_and_periods_of_complaints(office: Path, store: Engine) -> None:
    filled(store)
    own = '[[level]]\nfrom = "1"\nname = "ระดับเดียว"\n'
    (office / "own.toml").write_text(f"highest = 5\n{own}", encoding="utf-8")

    assert siang("report", "satisfaction", "--fiscal-year", 2570, "--levels", "own.toml").exit_code == 0
    assert siang("report", "complaints", "--quarter", "2570-q1").exit_code == 0
    assert siang("report", "complaints", "--month", "2570-02").exit_code == 0

    assert "ระดับเดียว" in docx_text(office / "reports" / "satisfaction-2570.docx")
    stems = {path.stem for path in (office / "reports").iterdir()}
    assert stems == {"satisfaction-2570", "complaints-2570-q1", "complaints-2570-02"}


def test_a_month_of_a_year_that_is_over_is_its_last(office: Path, store: Engine) -> None:
    assert siang("report", "monthly", "--fiscal-year", "2568").exit_code == 0
    assert (office / "reports" / "monthly-2568-09.pdf").exists()


def test_profiles_and_rounds_come_from_both_databases(engine: Engine, keys: Keys) -> None:
    agency = Agency("main", "เทศบาล", office=OFFICE)
    told = {**ITEMS, "more": "yes", "sex": "female", "age": "na", "capacity": "gone"}
    file(engine, *[told] * 6, ITEMS)
    with db.write(engine) as conn:
        rounds.ensure(conn, instruments(), keys, "main", FEB)
    year = thai.fiscal_period(2570)

    with db.read(engine) as conn:
        found = {one.title: dict(one.counts) for one in dataset.profiles(conn, instruments(), "main", year)}
        surveys = {kind: dataset.survey(conn, instruments(), agency, (kind, year), FEB) for kind in dataset.KINDS}
        taken = dataset.participation(conn, surveys, (), agency, FEB)

    assert found["เพศ"] == {"หญิง": 6, "ชาย": 0, "อื่น ๆ": 0, "ไม่ระบุ": 1}
    assert found["อายุ"]["ไม่ระบุ"] == 7
    assert found["ท่านติดต่อในฐานะใด"]["ไม่ระบุ"] == 7
    assert {one.kind for one in taken.rounds} == {"eit", "satisfaction"}
    assert taken.monthly["eit"][thai.month_of(FEB), "self"] == 7
    assert len({month for month, _ in taken.monthly["eit"]}) == 5


def test_the_levels_that_come_with_the_program() -> None:
    found = dataset.levels()

    assert [one.name for one in found.levels] == ["มากที่สุด", "มาก", "ปานกลาง", "น้อย", "น้อยที่สุด"]
    with pytest.raises(LevelsError, match="cannot be read"):
        dataset.levels(Path("/nowhere/levels.toml"))
    assert report_levels.Level(found.levels[0].least, "มากที่สุด") == found.levels[0]
    assert dataset.frame_of(2570) is not None
    assert dataset.frame_of(2599) is None


_TEXTS = ((docx_text, "docx"), (pdf_text, "pdf"))


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+\.\d\d", thai.arabic_digits(text)))


def test_what_the_three_files_say_is_the_same(office: Path, store: Engine) -> None:
    filled(store)
    assert siang("report", "monthly", "--month", "2570-02").exit_code == 0
    folder = office / "reports"

    book: Any = load_workbook(folder / "monthly-2570-02.xlsx")
    cells = {f"{c.value:.2f}" for s in book for row in s.iter_rows() for c in row if isinstance(c.value, float)}

    words, page = (_numbers(text(folder / f"monthly-2570-02.{end}")) for text, end in _TEXTS)

    assert len(cells & words & page) >= 9
