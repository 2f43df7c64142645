"""The facts a document needs that no data hold: who heads the office, who signs, the memo's number and date. Pure.

What is missing for a set of documents is told all at once, each fact with the option or the key of the office file
that gives it. Nothing is left blank silently: to leave dots for a pen, somebody writes ``-``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from analysis.report import Block, Heading, Paragraph, Report, ReportError, Signature
from survey.settings import Agency, Signatory

DOTS = "." * 24
LINE = "." * 150
BY_HAND = "-"
"""Given instead of a fact: leave dots, somebody will write it with a pen."""


@dataclass(frozen=True, slots=True)
class Fact:
    """``name``: the attribute of ``Facts``. ``key``: in the office file, empty when it only comes with the command."""

    name: str
    title: str
    option: str
    key: str = ""


FACTS = (
    Fact("head", "name of the head of the agency (ชื่อผู้บริหาร)", "--head", "head in [report]"),
    Fact("head_position", "position of the head (ตำแหน่งผู้บริหาร)", "--head-position", "head_position in [report]"),
    Fact("signatories", "who prepares and signs (ผู้จัดทำและผู้ลงนาม)", "--signatory", "[[signatory]]"),
    Fact("office", "line ส่วนราชการ of the memo", "--office", "office in [report]"),
    Fact("memo_number", "number of the memo (ที่)", "--memo-number"),
    Fact("memo_date", "date of the memo (วันที่)", "--memo-date"),
)
OF_A_MEMO = tuple(fact.name for fact in FACTS)
OF_A_RESULT = ("head", "head_position", "signatories")
NEEDED: dict[str, tuple[str, ...]] = {
    "monthly": (),
    "memo": OF_A_MEMO,
    "analysis": OF_A_RESULT,
    "implementation": OF_A_RESULT,
    "complaints": ("signatories",),
    "participation": ("signatories",),
    "satisfaction": ("signatories",),
}
"""Kind of document -> the facts without which it is not complete."""


class MissingFactsError(ReportError):
    """Facts are missing; the message names all of them."""


@dataclass(frozen=True, slots=True)
class Facts:
    """``as_of``: the day the data were read. ``memo_date``: as printed. ``to``: empty means the head's position.

    ``mark``: on every page, like ฉบับร่าง.
    """

    agency: str
    as_of: date
    head: str = ""
    head_position: str = ""
    head_acting: str = ""
    office: str = ""
    to: str = ""
    memo_number: str = ""
    memo_date: str = ""
    mark: str = ""
    signatories: tuple[Signatory, ...] = ()

    @property
    def addressee(self) -> str:
        return self.to or self.head_position


def of_agency(agency: Agency, as_of: date, given: Mapping[str, Any]) -> Facts:
    """The facts of the office file, under those ``given`` by attribute of ``Facts`` (empty ones do not count)."""
    names = {one.name for one in fields(Facts)}
    known: dict[str, Any] = {name: text for name, text in agency.office.report.items() if name in names}
    known |= {"signatories": agency.office.signatories} | {name: value for name, value in given.items() if value}
    prefix = agency.office.report.get("memo_prefix", "")
    number = known.get("memo_number", "")
    if number == BY_HAND:
        known["memo_number"] = prefix + DOTS
    elif number and not number.startswith(prefix):
        known["memo_number"] = prefix + number
    if known.get("memo_date") == BY_HAND:
        known["memo_date"] = DOTS
    return Facts(agency.name, as_of, **known)


def missing(facts: Facts, kinds: Iterable[str], *, cover: bool = False) -> tuple[Fact, ...]:
    """What these kinds of document need and nobody has told, in order."""
    wanted = {name for kind in kinds for name in NEEDED[kind]} | set(OF_A_MEMO if cover else ())
    return tuple(fact for fact in FACTS if fact.name in wanted and not getattr(facts, fact.name))


def check(facts: Facts, kinds: Iterable[str], *, cover: bool = False) -> None:
    """Raises MissingFactsError naming everything that is missing and where to write it."""
    lacking = missing(facts, kinds, cover=cover)
    if not lacking:
        return
    count = "One fact is" if len(lacking) == 1 else f"{len(lacking)} facts are"
    lines = [
        f"{fact.title}: {fact.option}" + (f", or {fact.key} of the agency file" if fact.key else "") for fact in lacking
    ]
    raise MissingFactsError("\n  - ".join([f"{count} missing for these documents:", *lines]))


def marked(report: Report, facts: Facts) -> Report:
    """With the mark at the head of every page and before its footer."""
    return replace(report, mark=facts.mark, footer=f"{facts.mark} · {report.footer}") if facts.mark else report


def signatures(facts: Facts) -> tuple[Block, ...]:
    """Who prepared it and the others who sign, one below the other."""
    return tuple(Signature(one.name, one.position, one.acting) for one in facts.signatories)


def head_signature(facts: Facts) -> Signature:
    return Signature(facts.head, facts.head_position, facts.head_acting)


def opinions(facts: Facts) -> tuple[Block, ...]:
    """The end of a memo: the preparer signs, everybody after gives an opinion by hand, the head decides."""
    first, *others = facts.signatories
    blocks: list[Block] = [Signature(first.name, first.position, first.acting)]
    for one in others:
        blocks += [Heading(f"ความเห็นของ{one.position}", 3), Paragraph(LINE, indent=False)]
        blocks.append(Signature(one.name, one.position, one.acting))
    blocks += [Heading(f"ความเห็น/คำสั่งของ{facts.head_position}", 3), Paragraph(LINE, indent=False)]
    return (*blocks, head_signature(facts))
