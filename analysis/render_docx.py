"""A Report as DOCX, to edit: an office's own template filled in, and the parts set as Word sets Thai.

What changes with the template is in ``docx_template``; here is what every document says, as styles of it. Charts are
pictures; their titles, notes and numbers stand beside them as text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from docxtpl import DocxTemplate
from jinja2 import Environment

from analysis import render_data, typeset
from analysis.docx_template import ARABIC, BODY, BULLET, THAI, WIDTH, packed
from analysis.render_words import PATTERN
from analysis.report import (
    NONE,
    Beside,
    Block,
    Bullets,
    Cell,
    Chart,
    Heading,
    PageBreak,
    Paragraph,
    Report,
    Signature,
    Table,
    printed,
)

PPI = 200
GAP = 240  # between two charts side by side, in twentieths of a point
BREAK = (
    '<w:p><w:pPr><w:pageBreakBefore/><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
)
THIN = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'


def render(report: Report) -> bytes:
    """The bytes of the DOCX; the same report gives the same bytes."""
    ready = render_data.ready(report)
    template = DocxTemplate(BytesIO(_template("memo" if ready.memo else "report")))
    template.render(_fields(ready), Environment(autoescape=True))
    document: Any = template.docx
    blocks = (*ready.blocks, *((PageBreak(), *ready.annex) if ready.annex else ()))
    writer = _Writer(document, ready.thai_digits, _pictures(blocks, ready.thai_digits))
    [mark] = [p._element for p in document.paragraphs if p.text == BODY]
    xml = "".join(part for block in blocks for part in writer.block(block))
    for element in parse_xml(f"<w:body {nsdecls('w', 'wp', 'a', 'pic', 'r')}>{xml}</w:body>"):
        mark.addprevious(element)
    mark.getparent().remove(mark)
    return packed(document)


@cache
def _template(name: str) -> bytes:
    return (typeset.FOLDER / f"{name}.docx").read_bytes()


def _fields(report: Report) -> dict[str, str]:
    names = ("title", "subtitle", "agency", "footer")
    page = {"switch": r"\* THAIARABIC", "one": "๑"} if report.thai_digits else {"switch": "", "one": "1"}
    return {name: getattr(report, name) for name in names} | page | (asdict(report.memo) if report.memo else {})


def _pictures(blocks: Sequence[Block], thai_digits: bool) -> Iterator[tuple[bytes, int]]:
    """The pictures of all charts in order, each with its width in points."""
    charts = [drawn for block in blocks for drawn in _charts(block)]
    data = [{**render_data.plain_chart(chart, thai_digits), "points": points} for chart, points in charts]
    made = typeset.png("chart", {"charts": data, "whole": PATTERN}, PPI) if data else []
    return iter([(picture, points) for picture, (_, points) in zip(made, charts, strict=True)])


def _charts(block: Block) -> list[tuple[Chart, int]]:
    match block:
        case Chart():
            return [(block, WIDTH // 20)]
        case Beside():
            return [
                (chart, width // 20) for chart, width in zip((block.left, block.right), _halves(block), strict=True)
            ]
        case _:
            return []


def _halves(beside: Beside) -> tuple[int, int]:
    """A radar has its labels all around it and needs more room than bars."""
    shares = [5 if chart.kind == "radar" else 4 for chart in (beside.left, beside.right)]
    left = (WIDTH - GAP) * shares[0] // sum(shares)
    return left, WIDTH - GAP - left


@dataclass
class _Writer:
    """Blocks as Word's XML; it adds lists and pictures to the document as it goes."""

    document: Any
    thai_digits: bool
    pictures: Iterator[tuple[bytes, int]]
    lists: int = BULLET
    drawn: int = 0

    def block(self, block: Block) -> list[str]:
        match block:
            case Heading():
                return [_paragraph(block.text, f"Heading{block.level}")]
            case Paragraph():
                style = "SmallText" if block.small else "BodyText" if block.indent else "BodyText2"
                return [_paragraph(block.text, style)]
            case Bullets():
                return self._bullets(block)
            case Table():
                return _table(block)
            case Chart():
                return self._chart(block)
            case Beside():
                return [self._beside(block), THIN]
            case PageBreak():
                return [BREAK]
            case Signature():
                return _signature(block)

    def _bullets(self, block: Bullets) -> list[str]:
        numbered = block.numbered and bool(block.items)
        number = self._new_list() if numbered else BULLET
        said = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        return [_paragraph(item, "ListParagraph", said) for item in block.items or (NONE,)]

    def _new_list(self) -> int:
        """A numbered list that begins with one again."""
        self.lists += 1
        kind = THAI if self.thai_digits else ARABIC
        self.document.part.numbering_part.element.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{self.lists}"><w:abstractNumId w:val="{kind}"/>'
                '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
            )
        )
        return self.lists

    def _chart(self, chart: Chart) -> list[str]:
        content, points = next(self.pictures)
        inline = self.document.part.new_pic_inline(BytesIO(content), width=Pt(points))
        self.drawn += 1
        inline.docPr.set("id", str(self.drawn))
        for side in ("distT", "distB", "distL", "distR"):  # LibreOffice takes a missing one for 3 mm
            inline.set(side, "0")
        inline.docPr.set("descr", f"{chart.title} {chart.note}".strip())
        picture = f'<w:p><w:pPr><w:pStyle w:val="Picture"/></w:pPr><w:r><w:drawing>{inline.xml}</w:drawing></w:r></w:p>'
        return [_paragraph(chart.title, "Caption"), picture, _paragraph(chart.note, "SmallText")]

    def _beside(self, block: Beside) -> str:
        widths = _halves(block)
        cells = ["".join(self._chart(chart)) for chart in (block.left, block.right)]
        grid = (widths[0], GAP, widths[1])
        row = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_margins("tcMar", 0)}</w:tcPr>{cell}</w:tc>'
            for width, cell in zip(grid, (cells[0], "<w:p/>", cells[1]), strict=True)
        )
        return f"<w:tbl>{_table_head(grid, 0)}<w:tr><w:trPr><w:cantSplit/></w:trPr>{row}</w:tr></w:tbl>"


def _table(table: Table) -> list[str]:
    room = render_data.rooms(table)
    widths = [WIDTH * letters // sum(room) for letters in room]
    size = min(1.0, render_data.LINE / sum(room))
    twice = "" if size == 1.0 else str(round(28 * size))
    head = _row(
        [_cell(c.title, w, "center", twice, True, True) for c, w in zip(table.columns, widths, strict=True)], True
    )
    rows = [
        _row(
            [
                _cell(cell, width, column.align, twice, at in table.strong, False)
                for cell, width, column in zip(row, widths, table.columns, strict=True)
            ]
        )
        for at, row in enumerate(table.rows)
    ]
    if not rows:
        span = f'<w:gridSpan w:val="{len(widths)}"/>'
        rows = [_row([_cell(NONE, sum(widths), "center", twice, False, False, span)])]
    drawn = f"<w:tbl>{_table_head(widths, 70, 'TableGrid')}{head}{''.join(rows)}</w:tbl>"
    return [_paragraph(table.title, "Caption"), drawn, _paragraph(table.note, "SmallText") if table.note else THIN]


def _table_head(widths: Sequence[int], margin: int, style: str = "") -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f"<w:tblPr>{f'<w:tblStyle w:val={quoteattr(style)}/>' if style else ''}"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="{margin}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{_margins("tblCellMar", margin)}'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    )


def _margins(tag: str, width: int) -> str:
    """What a cell leaves free at its sides."""
    return f'<w:{tag}><w:left w:w="{width}" w:type="dxa"/><w:right w:w="{width}" w:type="dxa"/></w:{tag}>'


def _row(cells: Sequence[str], repeated: bool = False) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if repeated else ''}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: Cell, width: int, align: str, twice: str, bold: bool, shaded: bool, span: str = "") -> str:
    fill = '<w:shd w:val="clear" w:color="auto" w:fill="E5EAF1"/>' if shaded else ""
    mark = "".join(
        (("<w:b/><w:bCs/>" if bold else ""), f'<w:sz w:val="{twice}"/><w:szCs w:val="{twice}"/>' if twice else "")
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{fill}<w:vAlign w:val="center"/></w:tcPr>'
        f"{_paragraph(printed(cell), 'TableText', after=f'<w:jc w:val={quoteattr(align)}/>', mark=mark)}</w:tc>"
    )


def _signature(block: Signature) -> list[str]:
    lines = [line for line in (f"({block.name})", block.position, block.acting) if line]
    space = '<w:spacing w:before="600"/>'
    return [
        _paragraph("(ลงชื่อ)" + "." * 40, "Signature", after=space),
        *(_paragraph(line, "Signature") for line in lines[:-1]),
        _paragraph(lines[-1], "Signature", "<w:keepNext w:val='0'/>"),
    ]


def _paragraph(text: str, style: str, before: str = "", after: str = "", mark: str = "") -> str:
    """``before``, ``after``: more properties, as the schema orders them; ``mark``: properties of its letters."""
    letters = f"<w:rPr>{mark}</w:rPr>" if mark else ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{before}{after}</w:pPr><w:r>{letters}{lines}</w:r></w:p>'
