"""Tables that a command prints on the terminal or writes as the sheets of a workbook: the same words and numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook

from analysis.display import show
from analysis.report import Cell, Number, printed
from analysis.scores import Score
from bot.cli import columns

FONT = {"font_name": "TH Sarabun New", "font_size": 16, "valign": "top"}
ROW_HEIGHT = 24
SCORE_HEADER = ("คะแนน", "ช่วง 95%", "ผู้ตอบ", "ไม่มีคำตอบ", "เทียบช่วงก่อน")
WIDEST, WRAPPED = 60, 50  # of a column of a sheet, and what surely stands on one line of it
ROOM = 44  # cells of a terminal for the first column


@dataclass(frozen=True, slots=True)
class Page:
    """``name``: of the sheet, at most 31 characters. ``notes``: sentences above the table. ``rows``: wide as header."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


def score_row(name: str, score: Score) -> tuple[Cell, ...]:
    """A score by the display rule, in the columns of ``SCORE_HEADER`` after its name."""
    shown = show(score)
    if shown.number is None:
        return name, "–", "", "", "", shown.value
    said = " · ".join(part for part in (shown.note, shown.change) if part)
    return name, Number(shown.number, shown.value), shown.range, count(score.n), count(score.missing), said


def count(n: int | None) -> Number:
    return Number(n, "–" if n is None else f"{n:,}")


def text(pages: Sequence[Page], notice: str) -> str:
    """The pages one below the other; ``notice`` stands on top of them all."""
    return "\n".join([notice, *(line for page in pages for line in _lines(page))])


def xlsx(pages: Sequence[Page], notice: str) -> bytes:
    """A workbook with a sheet for each page; ``notice`` stands on top of every one."""
    packed = BytesIO()
    with Workbook(packed, {"default_format_properties": FONT, "in_memory": True}) as book:
        for page in pages:
            _sheet(book, page, notice)
    return packed.getvalue()


def _lines(page: Page) -> Iterator[str]:
    yield ""
    yield page.title
    yield from page.notes
    if page.rows:
        rows = [[columns.cut(printed(row[0]), ROOM), *map(printed, row[1:])] for row in (page.header, *page.rows)]
        numeric = [at for at in range(len(page.header)) if any(isinstance(row[at], Number) for row in page.rows)]
        yield from columns.lines(rows, right=numeric)
    else:
        yield "ไม่มี"


def _sheet(book: Workbook, page: Page, notice: str) -> None:
    sheet = book.add_worksheet(page.name)
    sheet.set_default_row(ROW_HEIGHT)
    plain = book.add_format({**FONT, "border": 1, "text_wrap": True})
    head = book.add_format({**FONT, "bold": True, "border": 1, "text_wrap": True, "bg_color": "#DDEBF7"})
    bold = book.add_format({**FONT, "bold": True})
    for row, line in enumerate((notice, page.title, *page.notes)):
        sheet.write_string(row, 0, line, bold if row < 2 else None)
    top = 2 + len(page.notes)
    for at, name in enumerate(page.header):
        sheet.set_column(
            at, at, min(WIDEST, max(columns.width(printed(row[at])) for row in (page.header, *page.rows)) + 3)
        )
        sheet.write_string(top, at, name, head)
    for row, cells in enumerate(page.rows, top + 1):
        sheet.set_row(row, ROW_HEIGHT * max(-(-columns.width(printed(cell)) // WRAPPED) or 1 for cell in cells))
        for at, cell in enumerate(cells):
            if isinstance(cell, Number) and cell.value is not None:
                places = max(0, -int(cell.value.as_tuple().exponent)) if not isinstance(cell.value, int) else 0
                look = {**FONT, "border": 1, "num_format": "#,##0" + ("." + "0" * places if places else "")}
                sheet.write_number(row, at, cell.value, book.add_format(look))
            else:
                sheet.write_string(row, at, printed(cell), plain)
    sheet.freeze_panes(top + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
