"""What a Report holds and what it refuses."""

from dataclasses import replace

import pytest

from analysis.report import ANNEX, NONE, Bullets, Column, ReportError, Table, printed
from tests.analysis.report_sample import (
    ANNEX_TABLE,
    BARS,
    EMPTY,
    ITEMS,
    MEMO,
    MEMO_SAMPLE,
    RADAR,
    SAMPLE,
    TREND,
    number,
)

INTERNAL = replace(BARS, basis="internal")


@pytest.mark.parametrize("kind", ["memo", "analysis", "implementation"])
@pytest.mark.parametrize("part", [ANNEX_TABLE, INTERNAL])
def test_the_offices_own_scores_never_fill_a_document_of_the_result(kind: str, part: Table) -> None:
    with pytest.raises(ReportError, match=rf"^{kind}: .*may stand in its annex$"):
        replace(SAMPLE, kind=kind, blocks=(part,), annex=())

    assert replace(SAMPLE, kind=kind, blocks=(), annex=(part,)).annex == (part,)
    assert replace(SAMPLE, kind="monthly", blocks=(part,), annex=()).blocks == (part,)


@pytest.mark.parametrize(
    "names", [("ก", "ก"), ("Aa", "aA"), ("ก" * 32,), ("",), ("ก/ข",), ("[ก]",), ("รายงาน",), ("ข้อมูลกราฟ",)]
)
def test_names_of_tables_are_names_of_sheets(names: tuple[str, ...]) -> None:
    with pytest.raises(ReportError, match=r"^analysis: table names"):
        replace(SAMPLE, blocks=tuple(replace(EMPTY, name=name) for name in names))


def test_its_files_are_called_after_kind_and_period() -> None:
    assert SAMPLE.stem == "analysis-2570"


def test_parts_come_in_order_charts_beside_each_other_one_by_one_the_annex_last() -> None:
    parts = list(SAMPLE.parts())

    assert parts[4:6] == [RADAR, replace(BARS, title="คะแนนรายข้อ", basis="official")]
    assert [getattr(part, "text", None) for part in parts[-3:]] == [ANNEX, None, None]
    assert len(list(MEMO_SAMPLE.parts())) == len(MEMO_SAMPLE.blocks) + 1


def test_everything_that_may_be_printed_is_among_its_texts() -> None:
    texts = set(SAMPLE.texts())

    assert {SAMPLE.title, SAMPLE.footer, SAMPLE.agency, ANNEX, NONE, ITEMS.note, "61.25", "ไม่แสดง"} <= texts
    assert {"0", "100", TREND.labels[0], TREND.series[1].name, "67.00", "75.00"} <= texts
    assert {"รักษาราชการแทน นายกเทศมนตรีตำบลตัวอย่าง", "ปลัดเทศบาลตำบลตัวอย่าง"} <= texts
    assert {MEMO.office, MEMO.number, MEMO.date, MEMO.subject, MEMO.to} <= set(MEMO_SAMPLE.texts())
    assert list(replace(SAMPLE, blocks=(Bullets(("ก",)),), annex=()).texts())[4:] == ["ก"]


def test_a_cell_is_printed_as_it_stands() -> None:
    assert (printed("ก"), printed(number("1.50"))) == ("ก", "1.50")
    assert Column("ก").align == "left"
