"""The rule by which questions are kept up or improved, the default or an office's own. Reads files, decides nothing."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from analysis import rule_file
from analysis.findings import Rule
from survey.settings import Office

DEFAULT = Path(__file__).parent / "rules" / "default.toml"


def load() -> Rule:
    """The default rule."""
    return of(Office())


def of(office: Office) -> Rule:
    """The office's rule: the default with what [report] of its file says instead. Raises RuleError naming the entry."""
    own = {key: office.report[key] for key in rule_file.KEYS if key in office.report}
    return rule_file.build(_default() | own, "[report] of the office file" if own else DEFAULT.name)


@cache
def _default() -> dict[str, Any]:
    return tomllib.loads(DEFAULT.read_text(encoding="utf-8"))
