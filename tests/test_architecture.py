"""The rules that a machine can hold: which way imports run, what the pure core may not do, how long things get."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
PRODUCT = sorted(p for room in ("bot", "survey", "analysis") for p in (ROOT / room).rglob("*.py"))
EVERYTHING = [*PRODUCT, *sorted(p for room in ("bench", "tests", "migrations") for p in (ROOT / room).rglob("*.py"))]

CORE = [
    *(f"survey/{name}.py" for name in "alerts_who budget case_forms case_view morning workdays".split()),
    *(f"survey/{name}.py" for name in "audit_chain sealed_case sealed_receipt".split()),
    *(f"survey/{name}.py" for name in "media photos places tracking_prompts turns".split()),
    *(
        f"survey/{name}.py"
        for name in "answers complaint conversation desk events instrument instrument_file masking permits prompts "
        "reception rules staff state suggestions texts thai".split()
    ),
    *(
        f"analysis/{name}.py"
        for name in "audit complaint_counts counts display figures frame intervals scores withholding".split()
    ),
    *(f"analysis/{name}.py" for name in "frame_file frame_rules reconcile render_data render_words report".split()),
    *(f"analysis/{name}.py" for name in "advice change estimate findings internal likeness official rule_file".split()),
    *(f"analysis/measure{name}.py" for name in ["", *"s_bank s_cells s_plan s_sheet s_suggest".split()]),
    *(f"analysis/report_{name}.py" for name in "analysis check complaints facts implementation issues levels".split()),
    *(f"analysis/report_{name}.py" for name in "means measures memo monthly participation people result".split()),
    *(f"analysis/report_{name}.py" for name in "satisfaction survey words years".split()),
    *(f"analysis/reconcile_{name}.py" for name in "digits grade levels proposals regions rows tree".split()),
]
IMPURE = set(
    "os pathlib io sys time random secrets uuid logging structlog sqlalchemy requests urllib urllib3 http socket "
    "subprocess threading asyncio multiprocessing tempfile shutil sqlite3".split()
)
CLOCKS = {"now", "today", "utcnow", "fromtimestamp"}
ACTS = {"open", "print", "input", "exec", "eval"}
ONLY_IN = {
    "linebot": ("bot/",),
    "flask": ("bot/",),
    "gspread": ("survey/sheets", "bot/playground/"),
}


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(tree: ast.AST) -> Iterator[str]:
    """The top-level names of what is imported anywhere in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def impurities(tree: ast.AST) -> list[str]:
    found = [f"imports {name}" for name in imported(tree) if name in IMPURE]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            found.append(f"asks the clock: .{node.func.attr}()")
        if isinstance(node.func, ast.Name) and node.func.id in ACTS:
            found.append(f"calls {node.func.id}()")
    return found


def broad_excepts(tree: ast.AST) -> int:
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    names = [{n.id for n in ast.walk(h.type) if isinstance(n, ast.Name)} if h.type else set() for h in handlers]
    return sum(not caught or bool(caught & {"Exception", "BaseException"}) for caught in names)


def test_imports_run_one_way() -> None:
    assert lint_imports(str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("name", CORE)
def test_the_core_decides_and_does_nothing_else(name: str) -> None:
    """No I/O, no clock, no randomness, no logging: time and chance come in as arguments."""
    assert impurities(parsed(ROOT / name)) == []


@pytest.mark.parametrize(
    "code",
    [
        "import os",
        "from pathlib import Path",
        "import sqlalchemy as sa",
        "def f():\n    from random import Random",
        "datetime.now(UTC)",
        "date.today()",
        "open('x')",
        "print('x')",
    ],
)
def test_what_is_impure_is_found(code: str) -> None:
    assert len(impurities(ast.parse(code))) == 1


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_heavy_library_stays_in_its_room(library: str) -> None:
    users = [str(p.relative_to(ROOT)) for p in PRODUCT if library in set(imported(parsed(p)))]

    assert [user for user in users if not user.startswith(ONLY_IN[library])] == []


def test_files_are_at_most_250_lines() -> None:
    long = {str(p.relative_to(ROOT)): n for p in PRODUCT if (n := len(p.read_text("utf-8").splitlines())) > 250}

    assert not long


def test_functions_are_at_most_50_lines() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": lines
        for path in PRODUCT
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 50
    }

    assert not long


def test_every_module_says_what_it_is() -> None:
    silent = [str(p.relative_to(ROOT)) for p in PRODUCT if p.read_text("utf-8") and not ast.get_docstring(parsed(p))]

    assert not silent


def test_at_most_two_places_catch_everything() -> None:
    """The webhook's edge and the worker's loop."""
    broad = {str(p.relative_to(ROOT)): n for p in PRODUCT if (n := broad_excepts(parsed(p)))}

    assert sum(broad.values()) <= 2, broad
    assert broad_excepts(ast.parse("try:\n  f()\nexcept (ValueError, Exception):\n  pass")) == 1
    assert broad_excepts(ast.parse("try:\n  f()\nexcept:\n  pass")) == 1
    assert broad_excepts(ast.parse("try:\n  f()\nexcept ValueError:\n  pass")) == 0


def test_nothing_is_left_to_do() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X:")
    left = [str(p.relative_to(ROOT)) for p in EVERYTHING if any(mark in p.read_text("utf-8") for mark in marks)]

    assert not left


def test_every_function_says_what_it_takes_and_gives() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in PRODUCT
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is None
    ]

    assert not bare
