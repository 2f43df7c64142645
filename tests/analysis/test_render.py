"""The files of a report: every number in them is the report's, nothing of the report is missing, nothing hangs out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from analysis import docx_template, render, render_data, render_docx, render_pdf, render_words, typeset
from analysis.report import (
    ANNEX,
    NONE,
    Block,
    Bullets,
    Cell,
    Chart,
    Column,
    Number,
    Paragraph,
    Report,
    Signature,
    Table,
)
from survey import thai
from tests.analysis import pdf_text
from tests.analysis.report_sample import ANNEX_TABLE, BLOCKS, LONG, MEMO_SAMPLE, PARAGRAPH, SAMPLE, number, numbers

pdf_of, docx_of = cache(render_pdf.render), cache(render_docx.render)


@cache
def pages_of(report: Report) -> tuple[str, ...]:
    """The text of each page."""
    return tuple(pdf_text.texts(pdf_of(report)))


NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
MARKS = re.compile(r"[\s\u200b\u0e31\u0e33\u0e32\u0e34-\u0e3a\u0e47-\u0e4e]")
BOTH = pytest.mark.parametrize(
    "report",
    [replace(report, thai_digits=digits) for report in (SAMPLE, MEMO_SAMPLE) for digits in (False, True)],
    ids=["arabic", "thai", "memo-arabic", "memo-thai"],
)


def docx_texts(content: bytes) -> Iterator[str]:
    """The paragraphs of a docx, the footers' last, a field's last result in its place."""
    with ZipFile(BytesIO(content)) as packed:
        for name in ("word/document.xml", *(n for n in packed.namelist() if n.startswith("word/footer"))):
            for paragraph in docx.oxml.parse_xml(packed.read(name)).iter(qn("w:p")):
                parts = [{"t": e.text or "", "br": "\n"}.get(e.tag.rpartition("}")[2], "") for e in paragraph.iter()]
                yield "".join(parts)


def numbers_in(texts: Iterable[str]) -> list[str]:
    return [found for text in texts for found in NUMBER.findall(thai.arabic_digits(text))]


def allowed(report: Report, pages: int) -> set[str]:
    """The report's own numbers, those of its pages, and those that a numbered list puts before its items."""
    items = max((len(part.items) for part in report.parts() if isinstance(part, Bullets) and part.numbered), default=0)
    return {*numbers_in(list(report.texts())), *(str(n) for n in range(1, max(pages, items) + 1))}


def letters(text: str) -> str:
    """What is left when marks and blanks are taken away; typst says about every fiftieth letter twice."""
    return re.sub(r"(.)\1+", r"\1", MARKS.sub("", text))


def pdf_letters(report: Report) -> str:
    """All pages as one text, without the feet of the pages."""
    foot = letters(render_data.ready(report).footer)
    texts = [letters(text) for text in pages_of(report)]
    assert all(foot in text for text in texts)
    return "".join(re.sub(re.escape(foot) + r"หน\S{3,5}$", "", text) for text in texts)


@BOTH
def test_every_number_in_the_pdf_is_the_reports(report: Report) -> None:
    pages = pages_of(report)

    found = numbers_in(pages)

    assert set(found) <= allowed(report, len(pages))
    assert len(found) > 50


@BOTH
def test_every_number_in_the_docx_is_the_reports(report: Report) -> None:
    found = numbers_in(list(docx_texts(docx_of(report))))

    assert set(found) <= allowed(report, 1)
    assert len(found) > 20


@BOTH
def test_no_text_of_the_report_is_lost_in_the_docx(report: Report) -> None:
    ready = render_data.ready(report)
    said = "\n".join(docx_texts(docx_of(report)))
    texts = [
        text
        for part in ready.parts()
        for text in ([part.title, part.note] if isinstance(part, Chart) else texts_of(ready, part))
    ]

    missing = [text for text in (ready.agency, ready.footer, *texts) if text not in said]

    assert [text for text in missing if not (ready.memo and text == ready.agency)] == []


def texts_of(report: Report, part: object) -> list[str]:
    """Those of one part."""
    head = list(replace(report, blocks=(), annex=()).texts())
    return list(replace(report, kind="monthly", blocks=(part,), annex=()).texts())[len(head) :]  # type: ignore[arg-type]


@BOTH
def test_no_text_of_the_report_is_lost_in_the_pdf(report: Report) -> None:
    report = replace(report, blocks=tuple(block for block in report.blocks if block is not LONG))
    ready = render_data.ready(report)
    said = pdf_letters(report)
    charts = [part for part in ready.parts() if isinstance(part, Chart)]
    texts = [text for part in ready.parts() if not isinstance(part, Chart) for text in texts_of(ready, part)]
    texts += [text for chart in charts for text in (chart.title, chart.note, *chart.labels)]
    texts += [
        p.text for c in charts if c.kind != "distribution" for s in c.series for p in s.points if p.value is not None
    ]

    assert [text for text in texts if letters(text) not in said] == []


def test_a_row_taller_than_a_page_goes_on_and_keeps_every_word() -> None:
    pages = pdf_text.texts(pdf_of(replace(SAMPLE, blocks=(LONG,), annex=())))

    assert len(pages) >= 2
    assert sum(text.count("OIT10") for text in pages) == PARAGRAPH.count("OIT10") * 12
    assert sum("ความเห็น" in text.split("ตามที่")[0] for text in pages) == len(pages)  # the head is repeated


@BOTH
def test_one_system_of_digits_but_for_codes_and_addresses(report: Report) -> None:
    pages = " ".join(pages_of(report))
    words = " ".join(docx_texts(docx_of(report)))

    other = r"[0-9]" if report.thai_digits else r"[๐-๙]"

    for said in (pages, words):
        wrapped = re.sub(r"ita[\s\u200b]*/[\s\u200b]*2570", "", said)  # the end of an address that goes over two lines
        assert re.findall(other, render_data.CODES.sub("", wrapped)) == []
        assert "e7" in said
        assert "OIT10" in said


def test_heads_of_tables_are_repeated_on_every_page() -> None:
    pages = pages_of(SAMPLE)
    rows = [page for page in pages if re.search(r"\be\d+ \D", page) and "ข้อค้นพบ" in page]
    document = docx.Document(BytesIO(docx_of(SAMPLE)))
    drawn = [table._element for table in document.tables if table._element.find(f".//{qn('w:tblHeader')}") is not None]

    assert len(rows) >= 3
    assert len(drawn) == sum(isinstance(part, Table) for part in SAMPLE.parts())
    for table in drawn:
        lines = table.findall(qn("w:tr"))
        assert [line.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for line in lines].count(True) == 1
        assert all(line.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for line in lines)


def wide(columns: int) -> Table:
    shown = numbers(*(f"{k},234,567.89" for k in range(1, columns)))
    run = "https://sample.go.th/" + "a" * 200
    words = ("กกกกกกก" * 30, run, "555" * 40, "ประสิทธิภาพการสื่อสาร")
    rows: tuple[tuple[Cell, ...], ...] = tuple((word, *shown) for word in words)
    return Table(
        "กว้าง", "กว้าง " + run, (Column("เรื่อง"), *(Column(f"ช่อง {k}", 1, "right") for k in range(1, columns))), rows
    )


@pytest.mark.parametrize("columns", [2, 12])
@pytest.mark.parametrize("thai_digits", [False, True])
def test_nothing_hangs_out_of_the_page_or_of_its_cell(columns: int, thai_digits: bool) -> None:
    long = Paragraph("ก" * 300 + " " + "a" * 300)
    report = replace(SAMPLE, blocks=(*SAMPLE.blocks, wide(columns), long), thai_digits=thai_digits)

    for picture in typeset.png("report", render_data.plain(render_data.ready(report)), 50):
        page = Image.open(BytesIO(picture)).convert("L")
        inked = page.point(lambda tone: 255 if tone < 200 else 0).getbbox()
        assert inked is not None
        cm = page.width / 21
        assert inked[0] >= 2.9 * cm
        assert inked[2] <= page.width - 1.9 * cm
        assert inked[1] >= 1.7 * cm
        assert inked[3] <= page.height - 0.9 * cm


def test_numbers_of_a_narrow_column_do_not_run_into_the_next() -> None:
    pages = pdf_text.pages(pdf_of(replace(SAMPLE, blocks=(wide(12),), annex=())))

    lines: dict[int, list[pdf_text.Run]] = {}
    for run in (run for page in pages for run in page):
        if run.text.endswith("567.89"):
            lines.setdefault(round(run.y), []).append(run)

    assert sum(map(len, lines.values())) == 4 * 11
    for row in lines.values():
        ends = [run.x + run.size * 0.5 * len(run.text) for run in row]
        assert all(end < following.x for end, following in zip(ends, row[1:], strict=False))


def test_an_empty_table_and_an_empty_list_say_so() -> None:
    report = replace(SAMPLE, blocks=(Table("ว่าง", "เรื่องร้องเรียน", (Column("เรื่อง"),), ()), Bullets(())), annex=())

    assert pages_of(report)[0].count(NONE) == 2
    assert "\n".join(docx_texts(docx_of(report))).count(NONE) == 2


def test_what_the_office_counted_itself_stands_apart_under_its_heading() -> None:
    [*_, last] = pdf_text.texts(pdf_of(replace(SAMPLE, blocks=BLOCKS[:3], annex=(ANNEX_TABLE,))))
    words = list(docx_texts(docx_of(SAMPLE)))

    assert letters(last).startswith(letters("ผลสำรวจภายใน"))
    assert "91.75" in last
    assert words.index(ANNEX) < words.index(ANNEX_TABLE.title)


def test_no_line_ends_within_a_word_that_is_kept_whole() -> None:
    words = " ".join(f"{word}ก" for word in render_words.WHOLE)
    part = table_of(("ก", words), ("ข", words))
    pages = pdf_text.pages(pdf_of(replace(SAMPLE, blocks=(Paragraph(words), Bullets((words,)), part), annex=())))

    lines: dict[tuple[int, float], str] = {}
    for at, page in enumerate(pages):
        for run in page:
            lines[at, run.y] = lines.get((at, run.y), "") + run.text
    said = [letters(line) for line in lines.values()]
    assert [word for word in render_words.WHOLE if sum(letters(word) in line for line in said) < 4] == []


def table_of(*rows: tuple[str, str]) -> Table:
    return Table("คำ", "คำ", (Column("ที่", 1), Column("คำ", 3)), rows)


def test_those_who_sign_stand_together_below_what_they_sign() -> None:
    signed: tuple[Block, ...] = (Paragraph("ย่อหน้าสุดท้าย"), *(Signature(f"คนที่ {k}", "ตำแหน่ง") for k in range(3)))
    filled = tuple(Paragraph(f"บรรทัด {k}") for k in range(36))
    pages = pdf_text.pages(pdf_of(replace(SAMPLE, blocks=(*filled, *signed), annex=())))

    named = [(at, run) for at, page in enumerate(pages) for run in page if "(คนที่" in run.text]

    assert [len(pages), *(at for at, _ in named)] == [2, 1, 1, 1]
    assert named[0][1].y == named[1][1].y > named[2][1].y
    assert "ย่อหน้าสุดท้าย" in "".join(run.text for run in pages[1])


def test_a_memo_begins_with_its_head() -> None:
    [page, *_] = pages_of(MEMO_SAMPLE)
    words = list(docx_texts(docx_of(MEMO_SAMPLE)))

    found = [page.index(label) for label in ("บันทึกข้อความ", "ส่วนราชการ", "ตย 52001/1234", "วันที่", "เรื่อง", "เรียน")]
    assert found == sorted(found)
    assert words[0] == "บันทึกข้อความ"
    assert words[2] == "ที่  ตย 52001/1234วันที่  21 พฤศจิกายน 2569"


def test_words_of_citizens_are_words_and_nothing_else() -> None:
    said = "{{ 7*7 }} {% for %} #set text(red) $x$ <b>&amp; \\ \x00\x0b\ud800 @a *b*"
    report = replace(SAMPLE, title=said, blocks=(Paragraph(said), Bullets((said,))), annex=())
    kept = "{{ 7*7 }} {% for %} #set text(red) $x$ <b>&amp; \\  @a *b*"

    assert letters(" ".join(pages_of(report))).count(letters(kept)) == 3
    assert list(docx_texts(docx_of(report))).count(kept) == 3


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render.render(MEMO_SAMPLE) == render.render(MEMO_SAMPLE)


def test_three_files_are_written_whole_over_older_ones(tmp_path: Path) -> None:
    folder = tmp_path / "reports" / "2570"
    render.write(replace(MEMO_SAMPLE, title="ก่อน"), folder)

    written = render.write(MEMO_SAMPLE, folder)

    assert [path.name for path in written] == ["memo-2570.docx", "memo-2570.pdf", "memo-2570.xlsx"]
    assert sorted(folder.iterdir()) == sorted(written)
    assert {path.suffix[1:]: path.read_bytes() for path in written} == render.render(MEMO_SAMPLE)


def test_a_file_that_cannot_take_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "memo-2570.docx").mkdir()

    with pytest.raises(OSError, match="memo-2570"):
        render.write(MEMO_SAMPLE, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["memo-2570.docx"]


@pytest.mark.parametrize("name", ["report", "memo"])
def test_the_word_templates_are_those_that_the_program_makes(name: str) -> None:
    made: bytes = getattr(docx_template, name)()

    with ZipFile(BytesIO(made)) as fresh, ZipFile(typeset.FOLDER / f"{name}.docx") as kept:
        assert {n: fresh.read(n) for n in fresh.namelist()} == {n: kept.read(n) for n in kept.namelist()}


def test_thai_is_said_to_word_as_a_complex_script() -> None:
    document = docx.Document(BytesIO(docx_of(MEMO_SAMPLE)))

    for name, (size, bold, *_) in docx_template.STYLES.items():
        properties = document.styles[name].element.find(qn("w:rPr"))
        assert properties.find(qn("w:rFonts")).get(qn("w:cs")) == "TH Sarabun New"
        assert properties.find(qn("w:szCs")).get(qn("w:val")) == str(round(2 * size))
        assert (properties.find(qn("w:bCs")).get(qn("w:val")) != "0") == bold
        assert properties.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
    assert document.styles["Body Text"].element.find(f"{qn('w:pPr')}/{qn('w:jc')}").get(qn("w:val")) == "thaiDistribute"
    widths = [int(e.get(qn("w:w"))) for e in document.tables[0]._element.iter(qn("w:gridCol"))]
    assert sum(widths) <= docx_template.WIDTH


@pytest.mark.parametrize(("thai_digits", "kind"), [(False, docx_template.ARABIC), (True, docx_template.THAI)])
def test_each_numbered_list_begins_with_one(thai_digits: bool, kind: int) -> None:
    lists = (Bullets(("ก", "ข"), numbered=True), Bullets(("ค",)), Bullets(("ง",), numbered=True))
    document = docx.Document(BytesIO(docx_of(replace(SAMPLE, blocks=lists, annex=(), thai_digits=thai_digits))))

    used = [e.get(qn("w:val")) for e in document.element.body.iter(qn("w:numId"))]
    kinds = {
        e.get(qn("w:numId")): (e.find(qn("w:abstractNumId")).get(qn("w:val")), len(e.findall(qn("w:lvlOverride"))))
        for e in document.part.numbering_part.element.iter(qn("w:num"))
    }

    assert used == ["2", "2", "1", "3"]
    assert kinds == {"1": ("1", 0), "2": (str(kind), 1), "3": (str(kind), 1)}


def test_a_table_of_numbers_in_words_is_set_as_it_is() -> None:
    rows = ((Number(None, "ไม่มีข้อมูล"), number("5")),)
    report = replace(SAMPLE, blocks=(Table("ก", "ข", (Column("ค"), Column("ง")), rows),), annex=())

    assert "ไม่มีข้อมูล 5" in pages_of(report)[0]
