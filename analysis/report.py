"""A finished document as a value: every sentence, every number as it is printed, in order. Pure.

Builders (``report_*.py``) make a Report from data; renderers (``render_*.py``) print it as docx, pdf and xlsx and do no
arithmetic. So the three files of one document cannot contradict each other, and a test can find every printed number
here. Texts hold Arabic digits; the renderers print Thai ones where ``thai_digits`` asks for them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

OFFICIAL, INTERNAL = "official", "internal"
"""Where numbers come from: a published ITA result, entered by import, or our own survey. Registers (complaints,
measures, participation) are the office's own records and belong to neither."""
REGISTER = "register"

KINDS = ("monthly", "memo", "analysis", "implementation", "complaints", "participation", "satisfaction")
OF_THE_RESULT = ("memo", "analysis", "implementation")
"""The documents that speak of the official result: no number of our own survey stands in them, but for the annex."""

SHEETS = ("รายงาน", "ข้อมูลกราฟ")
"""The sheets an xlsx has besides those of its tables."""
SHEET_NAME = re.compile(r"[^\[\]:*?/\\']{1,31}")

ANNEX = "ผลสำรวจภายใน (ไม่ใช่ผล ITA อย่างเป็นทางการ)"
NONE = "ไม่มี"


class ReportError(ValueError):
    """A document would say what it may not say. The message names the document and the place."""


@dataclass(frozen=True, slots=True)
class Number:
    """``text``: as printed. ``value``: the same as a number for the xlsx; None where a word stands instead."""

    value: Decimal | int | None
    text: str


Cell = str | Number


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 to 3."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``indent``: the first line is set in, as in letters. ``small``: a note."""

    text: str
    indent: bool = True
    small: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """``numbered``: 1. 2. 3. instead of dots. Empty: "ไม่มี" is printed."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """``width``: share of the page. ``align``: left | center | right."""

    title: str
    width: int = 1
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` as wide as ``columns``; without rows "ไม่มี" is printed. ``strong``: the rows printed bold (totals).

    ``name``: the xlsx sheet, at most 31 characters, unlike within the report. ``note``: n, date, source.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    strong: tuple[int, ...] = ()
    basis: str = REGISTER


@dataclass(frozen=True, slots=True)
class Series:
    """One line, ring or set of bars: a number per label (``value`` None: a gap), ``band`` (low, high) where known."""

    name: str
    points: tuple[Number, ...]
    band: tuple[tuple[Number, Number] | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """``kind``: radar | bars (sorted, one series) | trend | distribution (stacked, one series per option).

    ``title`` says what is to be seen. ``note``: n, date, source. ``low``, ``high``: the ends of the axis.
    """

    kind: str
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    note: str
    low: int = 0
    high: int = 100
    basis: str = REGISTER


@dataclass(frozen=True, slots=True)
class Beside:
    """Two charts side by side: the radar that readers expect and the sorted bars that can be read."""

    left: Chart
    right: Chart


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


@dataclass(frozen=True, slots=True)
class Signature:
    """``name`` in brackets under the line, ``position`` below it; ``acting``: "รักษาราชการแทน ..." or empty."""

    name: str
    position: str
    acting: str = ""


Block = Heading | Paragraph | Bullets | Table | Chart | Beside | PageBreak | Signature


@dataclass(frozen=True, slots=True)
class MemoHead:
    """The head of a บันทึกข้อความ: ส่วนราชการ, ที่, วันที่, เรื่อง, เรียน."""

    office: str
    number: str
    date: str
    subject: str
    to: str


@dataclass(frozen=True, slots=True)
class Report:
    """One document. ``period``: as in its file name, 2570-02 or 2570. ``footer``: what this is, on every page.

    ``memo``: the document begins as a memo. ``annex``: what only stands under the heading ``ANNEX``. ``mark``: like
    ฉบับร่าง, at the head of every page; the footer begins with it too.
    """

    kind: str
    period: str
    title: str
    subtitle: str
    agency: str
    footer: str
    blocks: tuple[Block, ...]
    annex: tuple[Block, ...] = ()
    memo: MemoHead | None = None
    thai_digits: bool = False
    mark: str = ""

    def __post_init__(self) -> None:
        if self.kind in OF_THE_RESULT:
            for part in flat(self.blocks):
                if isinstance(part, Table | Chart) and part.basis == INTERNAL:
                    raise ReportError(
                        f"{self.kind}: {part.title!r} holds scores of the office's own survey, which never fill a "
                        f"document of the official result; they may stand in its annex"
                    )
        names = [part.name for part in flat((*self.blocks, *self.annex)) if isinstance(part, Table)]
        taken = {name.casefold() for name in (*SHEETS, *names)}
        if len(taken) < len(SHEETS) + len(names) or not all(SHEET_NAME.fullmatch(name) for name in names):
            raise ReportError(f"{self.kind}: table names must be unlike, 1 to 31 characters without []:*?/\\': {names}")

    @property
    def stem(self) -> str:
        """The name of its files without the ending."""
        return f"{self.kind}-{self.period}"

    def parts(self) -> Iterator[Heading | Paragraph | Bullets | Table | Chart | PageBreak | Signature]:
        """Every block in order, the annex last, two charts side by side one after the other."""
        yield from flat(self.blocks)
        if self.annex:
            yield Heading(ANNEX)
            yield from flat(self.annex)

    def texts(self) -> Iterator[str]:
        """Everything that may be printed, numbers included, in Arabic digits."""
        yield from (self.title, self.subtitle, self.agency, self.footer)
        if self.memo:
            yield from (self.memo.office, self.memo.number, self.memo.date, self.memo.subject, self.memo.to)
        for part in self.parts():
            yield from _texts(part)


def flat(
    blocks: tuple[Block, ...],
) -> Iterator[Heading | Paragraph | Bullets | Table | Chart | PageBreak | Signature]:
    """The blocks in order, two charts side by side one after the other."""
    for block in blocks:
        if isinstance(block, Beside):
            yield from (block.left, block.right)
        else:
            yield block


def _texts(part: Heading | Paragraph | Bullets | Table | Chart | PageBreak | Signature) -> Iterator[str]:
    match part:
        case Heading() | Paragraph():
            yield part.text
        case Bullets():
            yield from part.items or (NONE,)
        case Table():
            yield from (part.title, part.note, *(column.title for column in part.columns))
            yield from (printed(cell) for row in part.rows for cell in row)
            yield from () if part.rows else (NONE,)
        case Chart():
            yield from (part.title, part.note, *part.labels, str(part.low), str(part.high))
            for series in part.series:
                yield from (series.name, *(point.text for point in series.points))
                yield from (end.text for ends in series.band if ends for end in ends)
        case Signature():
            yield from (part.name, part.position, part.acting)


def printed(cell: Cell) -> str:
    """A cell's text."""
    return cell.text if isinstance(cell, Number) else cell
