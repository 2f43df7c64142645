"""The numbers of a Report as XLSX: a sheet for each table, one for the numbers behind the charts, all as numbers.

Words are written as words whatever they look like, so that no citizen's text becomes a formula.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from analysis import render_data
from analysis.report import ANNEX, NONE, SHEETS, Cell, Chart, Number, Report, Table, flat
from survey import thai

FONT = {"font_name": "TH Sarabun New", "font_size": 16, "valign": "vcenter"}
ROW = 24  # points; a line of TH Sarabun 16
TALLEST = 408  # of a row in Excel
NARROW, WIDE = 10, 60  # letters
THAI_DIGITS = "[$-D00041E]"
PRINTED = re.compile(r"(\D*?)([+−-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(\D*)")
NEVER = datetime(2000, 1, 1)  # the same report gives the same bytes


def render(report: Report) -> bytes:
    """The bytes of the XLSX; the same report gives the same bytes."""
    ready = render_data.ready(report)
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_format_properties": {**FONT}})
    book.set_properties({"title": ready.title, "author": ready.agency, "created": NEVER})
    writer = _Writer(book, ready)
    writer.cover()
    for blocks, what in ((ready.blocks, ""), (ready.annex, ANNEX)):
        for table in (part for part in flat(blocks) if isinstance(part, Table)):
            writer.table(table, what)
    writer.charts([part for part in flat((*ready.blocks, *ready.annex)) if isinstance(part, Chart)])
    book.close()
    return out.getvalue()


def number_format(number: Number) -> str | None:
    """The format under which the value looks as it is printed; None: it cannot, so the text itself is written."""
    found = PRINTED.fullmatch(thai.arabic_digits(number.text))
    if found is None or number.value is None:
        return None
    before, sign, whole, part, after = found.groups(default="")
    shown = Decimal(("-" if sign in "−-" and sign else "") + whole.replace(",", "") + part)
    if Decimal(number.value).quantize(shown, ROUND_HALF_UP) != shown:
        return None
    plain = _quoted(before) + "{}" + ("#,##0" if "," in whole else "0") + re.sub(r"\d", "0", part) + _quoted(after)
    minus = plain.format('"−"' if sign == "−" else "-")
    return f"{plain.format('+')};{minus};{plain.format('')}" if sign == "+" else f"{plain.format('')};{minus}"


def _quoted(words: str) -> str:
    return '"' + words.replace('"', "") + '"' if words else ""


@dataclass
class _Writer:
    """Sheets of one workbook; formats are made once each."""

    book: Any
    report: Report
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def cover(self) -> None:
        """What this is, and what it is not."""
        sheet = self._sheet(SHEETS[0])
        sheet.set_column(0, 0, 100)
        report = self.report
        for row, words in enumerate((report.title, report.subtitle, report.agency, report.footer)):
            sheet.write_string(row, 0, words, self._format(bold=row == 0, text_wrap=True))
            sheet.set_row(row, ROW * render_data.lines(words, 100))

    def table(self, table: Table, what: str) -> None:
        """``what``: the heading it stands under, where that must be said."""
        sheet = self._sheet(table.name)
        room = [min(max(letters, NARROW), WIDE) for letters in render_data.rooms(table)]
        for column, letters in enumerate(room):
            sheet.set_column(column, column, letters)
        sheet.write_string(0, 0, table.title, self._format(bold=True))
        aligns = [column.align for column in table.columns]
        self._grid(sheet, 1, [column.title for column in table.columns], table.rows, aligns, room, table.strong)
        sheet.freeze_panes(2, 0)
        sheet.repeat_rows(1)
        last = 3 + max(len(table.rows), 1)
        for row, words in enumerate(words for words in (table.note, what, self.report.footer) if words):
            sheet.write_string(last + row, 0, words, self._format())

    def charts(self, charts: Sequence[Chart]) -> None:
        """The numbers behind the charts, one after the other."""
        if not charts:
            return
        sheet = self._sheet(SHEETS[1])
        sheet.set_column(0, 0, WIDE)
        sheet.set_column(1, max(len(_head(chart)) for chart in charts), 18)
        row = 0
        for chart in charts:
            head, rows = _head(chart), _rows(chart)
            sheet.write_string(row, 0, chart.title, self._format(bold=True))
            aligns = ["left", *("right" for _ in head[1:])]
            row = self._grid(sheet, row + 1, head, rows, aligns, [WIDE, *(18 for _ in head[1:])], ())
            sheet.write_string(row, 0, chart.note, self._format())
            row += 2
        sheet.write_string(row, 0, self.report.footer, self._format())

    def _grid(
        self,
        sheet: Any,
        top: int,
        head: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        aligns: Sequence[str],
        room: Sequence[int],
        strong: Sequence[int],
    ) -> int:
        """Heads and rows from ``top`` on; the row after them."""
        title = self._format(bold=True, text_wrap=True, align="center", border=1, bg_color="#E5EAF1")
        for column, words in enumerate(head):
            sheet.write_string(top, column, words, title)
        sheet.set_row(
            top, ROW * max(render_data.lines(words, letters) for words, letters in zip(head, room, strict=True))
        )
        for at, row in enumerate(rows or [(NONE, *("" for _ in head[1:]))]):
            tall = 1
            for column, (cell, align) in enumerate(zip(row, aligns, strict=True)):
                tall = max(tall, render_data.lines(cell, room[column]) if isinstance(cell, str) else 1)
                self._cell(sheet, top + 1 + at, column, cell, align, at in strong)
            sheet.set_row(top + 1 + at, min(ROW * tall, TALLEST))
        return top + 1 + max(len(rows), 1)

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell, align: str, bold: bool) -> None:
        shape = number_format(cell) if isinstance(cell, Number) else None
        if isinstance(cell, Number) and cell.value is not None and shape:
            digits = ";".join(THAI_DIGITS + one for one in shape.split(";")) if self.report.thai_digits else shape
            sheet.write_number(row, column, float(cell.value), self._format(bold=bold, border=1, num_format=digits))
        else:
            words = cell.text if isinstance(cell, Number) else cell
            form = self._format(bold=bold, border=1, align=align, text_wrap=True)
            sheet.write_string(row, column, words[:32_767], form)

    def _sheet(self, name: str) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.set_default_row(ROW)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.report.footer.replace('&', '&&')[:200]}&R&P/&N")
        return sheet

    def _format(self, **more: Any) -> Any:
        key = tuple(sorted(more.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({**FONT, **more})
        return self.formats[key]


def _head(chart: Chart) -> list[str]:
    """A column for each series, and two where it has a band."""
    names = [[s.name, *((f"{s.name} (ขอบล่าง)", f"{s.name} (ขอบบน)") if any(s.band) else ())] for s in chart.series]
    return ["", *(name for of_series in names for name in of_series)]


def _rows(chart: Chart) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[label] for label in chart.labels]
    for series in chart.series:
        for at, row in enumerate(rows):
            row.append(series.points[at])
            if any(series.band):
                row.extend(series.band[at] or ("", ""))
    return rows
