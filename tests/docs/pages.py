"""The documentation as tests see it: the pages, and what stands in them as code, commands, links and tables."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import regex

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
"""Every page a reader may open."""

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_PROGRAM = re.compile(r"^(?:sudo (?:-u \w+ )?)?(?:[./\w]*/)?siang(?: |$)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language (may be empty) and its text."""

    language: str
    text: str


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name(page: Path) -> str:
    """For test ids and messages."""
    return str(page.relative_to(ROOT))


def blocks(text: str) -> list[Block]:
    return [Block(found["language"], found["body"]) for found in _FENCE.finditer(text)]


def spans(text: str) -> list[str]:
    """The inline code, outside fenced blocks."""
    return re.findall(r"`([^`\n]+)`", _FENCE.sub("", text))


def command_lines(text: str) -> Iterator[list[str]]:
    """The words of each line that a reader might run: in shell blocks, and inline code that begins with a program."""
    shell = [line.strip() for b in blocks(text) if b.language in ("sh", "") for line in b.text.splitlines()]
    services = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    for line in [*shell, *services, *(s.removeprefix("ExecStart=") for s in spans(text))]:
        for part in line.split("&&"):
            if re.match(r"(sudo |make |siang|[./\w]*/siang)", part.strip()):
                yield shlex.split(part, comments=True)


def siang_arguments(text: str) -> list[list[str]]:
    """What follows ``siang`` wherever a page says to run it."""
    lines = [" ".join(map(shlex.quote, words)) for words in command_lines(text)]
    return [shlex.split(_PROGRAM.sub("", line)) for line in lines if _PROGRAM.match(line)]


def make_words(text: str) -> list[list[str]]:
    """What follows ``make``: targets and VARIABLE=values."""
    return [
        words[words.index("make") + 1 :]
        for words in command_lines(text)
        if words[0] in ("make", "sudo") and "make" in words
    ]


def links(text: str) -> list[str]:
    """Where the page's links and pictures lead, outside code."""
    bare = re.sub(r"`[^`\n]+`", "", _FENCE.sub("", text))
    return re.findall(r"\]\(([^)\s]+)\)", bare) + re.findall(r'<(?:img|a)\b[^>]*?(?:src|href)="([^"]+)"', bare)


def anchors(text: str) -> set[str]:
    """The names GitHub gives to a page's headings."""
    heads = re.findall(r"^#+ +(.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {regex.sub(r"[^\p{L}\p{M}\p{N}_\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def table(text: str, header: str) -> list[list[str]]:
    """The rows of the table that begins with this header line, cell by cell."""
    lines = text.split(f"{header}\n", 1)[1].splitlines()[1:]
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows
