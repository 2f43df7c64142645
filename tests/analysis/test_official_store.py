"""Official results in the store: exact on both databases, one agency's own, replaced whole, and let in by one door."""

import ast
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from analysis import official_import, official_store
from analysis.official_import import GRADE, Difference, Given, Taken
from analysis.reconcile_file import ResultFileError
from analysis.reconcile_tree import TOTAL, Cell
from survey import db
from survey.tables import official_imports, official_scores
from tests.analysis.published import DATA, published

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
PHRATHAEN, DON = (DATA / "published" / f"{name}.csv" for name in ("phrathaen-2567", "don-2566-2567"))
HEADER = "fiscal_year,level,instrument,code,title,score\n"


def take(engine: Engine, given: Given | Path, agency: str = "main") -> list[Taken]:
    found = official_import.read(given) if isinstance(given, Path) else given
    with db.write(engine) as conn:
        return official_import.take(conn, agency, found, NOW)


def written(folder: Path, text: str) -> Path:
    path = folder / "given.csv"
    path.write_text(HEADER + text, "utf-8")
    return path


def test_what_was_published_comes_back_exactly(engine: Engine) -> None:
    take(engine, PHRATHAEN)

    with db.read(engine) as conn:
        found = official_store.read(conn, "main", 2567)
    assert found is not None
    wanted = {cell: Decimal(number).scaleb(-2) for cell, number in published("phrathaen-2567")[2567].items()}
    assert found.printed == wanted
    assert (found.file, found.imported_on, found.agrees) == ("phrathaen-2567.csv", date(2026, 11, 22), False)
    assert found.titles[Cell("instrument", "EIT1", "EIT1")] == "EIT ส่วนที่ 1"


@pytest.mark.parametrize("hundredths", [0, 1, 29, 57, 1999, 5701, 9810, 9999, 10000])
def test_every_hundredth_survives_the_store(engine: Engine, tmp_path: Path, hundredths: int) -> None:
    take(engine, written(tmp_path, f"2567,item,IIT,i1,,{hundredths / 100:.2f}\n"))

    with db.read(engine) as conn:
        [found] = official_store.results(conn, "main")
    assert found.printed == {Cell("item", "IIT", "i1"): hundredths}


def test_the_import_keeps_file_digest_grade_and_the_word_of_the_check(engine: Engine, tmp_path: Path) -> None:
    take(engine, DON)
    take(engine, written(tmp_path, "2565,total,,,,86\n2565,level,,,,B\n"))

    with db.read(engine) as conn:
        kept = official_store.imports(conn, "main")
    assert [(one.fiscal_year, one.grade, one.agrees, one.mismatches) for one in kept] == [
        *((2565, "B", False, 0), (2566, "", True, 0)),
        (2567, "", True, 0),
    ]
    assert {one.file for one in kept[1:]} == {"don-2566-2567.csv"}
    assert {len(one.digest) for one in kept} == {64}
    assert kept[0].at == NOW


def test_a_year_imported_again_is_replaced_whole_and_the_differences_are_told(engine: Engine, tmp_path: Path) -> None:
    take(
        engine,
        written(tmp_path, "2567,total,,,,90\n2567,item,IIT,i2,,80\n2567,item,IIT,i10,,70\n2566,total,,,,87.40\n"),
    )

    path = written(tmp_path, "2567,total,,,,90.01\n2567,item,IIT,i2,,80\n2567,level,,,,ผ่าน\n")
    [taken] = take(engine, path)

    assert (taken.fiscal_year, taken.count, taken.replaced) == (2567, 2, True)
    assert taken.differences == (
        Difference(GRADE, None, "ผ่าน"),
        Difference(TOTAL, 9000, 9001),
        Difference(Cell("item", "IIT", "i10"), 7000, None),
    )
    assert take(engine, path)[0].differences == ()
    with db.read(engine) as conn:
        assert [(one.fiscal_year, len(one.printed)) for one in official_store.results(conn, "main")] == [
            *((2566, 1), (2567, 2))
        ]


def test_agencies_do_not_see_each_others_results(engine: Engine) -> None:
    take(engine, PHRATHAEN)
    take(engine, DON, agency="other")

    with db.read(engine) as conn:
        assert [one.fiscal_year for one in official_store.read_all(conn, "main")] == [2567]
        assert [one.fiscal_year for one in official_store.read_all(conn, "other")] == [2566, 2567]
        assert official_store.read(conn, "main", 2566) is None


def test_all_years_of_a_file_come_in_or_none(engine: Engine) -> None:
    take(engine, PHRATHAEN)
    given = official_import.read(DON)
    broken = Given(given.name, given.digest, (given.years[0], (given.years[1][0], None)))  # type: ignore[arg-type]

    with pytest.raises(AttributeError):
        take(engine, broken)

    with db.read(engine) as conn:
        assert [(one.fiscal_year, one.file) for one in official_store.imports(conn, "main")] == [
            (2567, "phrathaen-2567.csv")
        ]
        assert len(official_store.results(conn, "main")[0].printed) == 83


def test_a_file_with_a_fault_is_not_even_begun(engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, "2567,total,,,,90\n2567,item,IIT,i1,,101.0\n2567,item,IIT,i2,,-\n")

    with pytest.raises(ResultFileError) as found:
        take(engine, path)

    assert len(found.value.faults) == 2
    with db.read(engine) as conn:
        assert conn.scalar(select(func.count()).select_from(official_scores)) == 0
        assert conn.scalar(select(func.count()).select_from(official_imports)) == 0


def writers(name: str) -> set[str]:
    """The modules that write to a table: ``name.insert()``, ``insert(name)``, ``db.insert(conn, name)`` and so on."""
    found = set()
    for file in mentions(name):
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            function = call.func
            verb = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            owner = (
                function.value.id
                if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
                else ""
            )
            named = {arg.id for arg in call.args if isinstance(arg, ast.Name)} | {owner}
            if verb in ("insert", "insert_for", "update", "delete") and name in named:
                found.add(file)
    return found


def mentions(*names: str) -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for room in ("bot", "survey", "analysis")
        for path in (ROOT / room).rglob("*.py")
        if any(name in path.read_text("utf-8") for name in names)
    }


def test_there_is_one_way_in() -> None:
    """Scores of our own survey never become official ones: nothing else writes these tables, or even names them."""
    assert writers("official_scores") == {"analysis/official_store.py"}
    assert writers("official_imports") == {"analysis/official_store.py"}
    assert mentions("official_scores", "official_imports") == {
        *("analysis/official_store.py", "survey/tables.py", "survey/tables_results.py")
    }
    assert mentions("official_store.put(") == {"analysis/official_import.py"}


def test_the_search_for_writers_finds_one() -> None:
    assert "survey/filing.py" in writers("responses")


def test_a_score_of_our_own_survey_is_refused_at_the_door(engine: Engine) -> None:
    """The value that the survey makes of its answers is no Result: what is written comes from a file that was read."""
    from analysis import internal_read
    from survey import library, thai
    from survey.settings import Agency
    from tests.analysis.people import ITEMS, file

    file(engine, *[ITEMS] * 6)
    with db.read(engine) as conn:
        own = internal_read.read(conn, library.load(), Agency("main", ""), thai.fiscal_period(2570), date(2027, 3, 1))
    for score in (own, own.eit.whole, own.eit.whole.headline):
        with pytest.raises(AttributeError), db.write(engine) as conn:
            official_import.take(conn, "main", Given("own", "0" * 64, ((score, score),)), NOW)  # type: ignore[arg-type]

    with db.read(engine) as conn:
        assert official_store.imports(conn, "main") == []
