"""The rule by which questions are kept up or improved, the default or an office's own. Reads files, decides nothing."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from analysis import rule_file
from analysis.findings import Rule
from analysis.rule_file import RuleError

DEFAULT = Path(__file__).parent / "rules" / "default.toml"


@cache
def load(path: Path | None = None) -> Rule:
    """The rule of an office's file, what it leaves out as in the default. Raises RuleError about the file."""
    table = _table(DEFAULT)
    return rule_file.build(table | _table(path) if path else table, (path or DEFAULT).name)


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as exc:
        raise RuleError(f"{path} cannot be read: {exc.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise RuleError(f"{path.name}: cannot be read as TOML in UTF-8: {exc}") from None
