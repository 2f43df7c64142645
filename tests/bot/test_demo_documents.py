"""The demo's documents over HTTP: every kind in every form, marked on every page, of results that are made up."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import requests
from pypdf import PdfReader

from analysis import frame_library, measures, official_store
from bot import demo_documents
from bot.demo_documents import KINDS, RESULTS, Desk
from bot.playground.serve import running
from survey import db, thai
from survey.settings import Agency, Signatory
from tests.analysis.pdf_text import texts
from tests.analysis.people import crowd, file, file_points, instruments
from tests.conftest import OFFICE

MARK = "ตัวอย่าง ไม่ใช่ผลจริง"
NOW = datetime(2027, 2, 20, 5, tzinfo=UTC)
AGENCY = Agency("main", "เทศบาลตำบลตัวอย่าง", office=OFFICE)


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = tmp_path_factory.mktemp("demo") / "siang.db"
    shutil.copy(sqlite_template, store)
    engine = db.connect(f"sqlite:///{store}")
    file(engine, *crowd(40), completed_on=date(2027, 2, 1))
    file_points(engine, 40, "tax")
    with db.write(engine) as conn:
        demo_documents.seed(conn, AGENCY, NOW)
    yield Desk(engine, instruments(), AGENCY)
    engine.dispose()


@pytest.fixture(scope="module")
def page(desk: Desk) -> Iterator[str]:
    with running(demo_documents.create_app(desk, lambda: NOW)) as address:
        yield address


def test_the_page_offers_every_kind_in_every_form_and_each_comes(page: str) -> None:
    index = requests.get(page, timeout=5).text

    links = re.findall(r'href="(/(?:thai|arabic)/[^"]+)"', index)
    assert len(links) == len(set(links)) == len(KINDS) * 6 + (len(KINDS) - 1) * 2
    assert MARK in index
    starts = {"docx": b"PK", "xlsx": b"PK", "pdf": b"%PDF-"}
    quick = [link for link in links if "arabic" in link or "xlsx" in link or link == "/thai/satisfaction.pdf?cover=1"]
    for link in quick:
        answer, ending = fetched(page, link), link.partition("?")[0].rpartition(".")[2]
        assert (answer.status_code, answer.content.startswith(starts[ending])) == (200, True), link
        assert f'.{ending}"' in answer.headers["Content-Disposition"]
    assert len(quick) == len(KINDS) * 4 + 1
    assert 'filename="memo-satisfaction-2570.pdf"' in fetched(page, quick[-1]).headers["Content-Disposition"]


@cache
def fetched(page: str, link: str) -> requests.Response:
    return requests.get(page + link, timeout=20)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"analysis"}))  # which is long, and set like the others
def test_every_page_says_that_it_is_a_sample(page: str, kind: str) -> None:
    found = fetched(page, f"/arabic/{kind}.pdf").content
    words, sheets = (ZipFile(BytesIO(fetched(page, f"/arabic/{kind}.{end}").content)) for end in ("docx", "xlsx"))

    pages = [re.sub(r"\s", "", text) for text in texts(found)]
    assert len(pages) == len(PdfReader(BytesIO(found)).pages)
    assert all(text.count(re.sub(r"\s", "", MARK)) == 2 for text in pages)  # at its head and at its foot
    assert any(MARK in words.read(name).decode() for name in words.namelist() if name.startswith("word/footer"))
    assert MARK in sheets.read("xl/sharedStrings.xml").decode()


def test_results_and_measures_are_put_in_once_and_never_over_real_ones(desk: Desk) -> None:
    with db.write(desk.engine) as conn:
        demo_documents.seed(conn, AGENCY, NOW)
        imports = official_store.imports(conn, "main")
        found = measures.of_year(conn, "main", 2570)
        other = replace(AGENCY, id="other")
        measures.add(conn, "other", [replace(found[0], id="own")], NOW.date())
        demo_documents.seed(conn, other, NOW)
        own = measures.of_year(conn, "other", 2570)

    assert [(one.fiscal_year, one.file, one.agrees) for one in imports] == [
        (2568, RESULTS, True),
        (2569, RESULTS, True),
    ]
    assert {one.status for one in found} == {"planned", "doing", "done", "dropped"}
    assert [one.id for one in own] == ["own"]
    assert max(frame_library.years()) >= 2569


def test_the_office_s_own_names_are_kept_and_the_mark_stands_in_any_case() -> None:
    named = replace(OFFICE, report={"head": "นายก จริง", "mark": ""}, signatories=(Signatory("ก ข", "นักวิชาการ"),))

    own = demo_documents.facts(replace(AGENCY, office=named), date(2027, 2, 20))
    made_up = demo_documents.facts(AGENCY, date(2027, 2, 20))

    assert (own.head, own.mark, own.signatories[0].name) == ("นายก จริง", MARK, "ก ข")
    assert "สมมติ" in made_up.head
    assert made_up.memo_date == thai.long_date(date(2027, 2, 20))


def test_what_cannot_be_made_is_a_sentence(desk: Desk) -> None:
    empty = Desk(desk.engine, instruments(), replace(AGENCY, id="empty"))

    with running(demo_documents.create_app(empty, lambda: NOW)) as page:
        refused = requests.get(f"{page}/thai/memo.pdf", timeout=5)
        unknown = [requests.get(f"{page}/{path}", timeout=5).status_code for path in ("thai/x.pdf", "thai/memo.exe")]

    assert refused.status_code == 409
    assert refused.text.startswith("There is no official result of fiscal year 2570")
    assert unknown == [404, 404]
