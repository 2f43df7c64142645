"""The officers' guide quotes the bot, the card and the sheet word for word."""

import re

from tests.docs.pages import ROOT, read, spans

GUIDE = read(ROOT / "docs" / "guide-th.md")
SOURCES = [
    *sorted((ROOT / "survey").rglob("*.toml")),
    *sorted((ROOT / "survey").rglob("*.py")),
    *sorted((ROOT / "analysis").rglob("*.py")),
    *sorted((ROOT / "bot").glob("*.py")),
    *sorted((ROOT / "bot" / "cli").glob("*.py")),
]
OWN = re.compile(r"siang .*|[A-Z0-9]{4}-[A-Z0-9]{4}")  # commands have their test; a code is random


def said() -> str:
    """Everything the program can say."""
    return "\n".join(map(read, SOURCES))


def test_words_in_code_are_words_that_officers_will_see() -> None:
    words = [re.sub(r"\d+", "", span) for span in spans(GUIDE) if not OWN.fullmatch(span)]
    known = re.sub(r"\{[\w.]+\}|\d+", "", said())

    assert len(words) > 15
    assert [word for word in words if word not in known] == []


def test_quoted_words_are_what_the_bot_says_or_understands() -> None:
    quoted = set(re.findall(r'"([^"\n]+)"', re.sub(r"<img[^>]*>", "", GUIDE)))
    of_people = {"เสียง", "ติชมบริการวันนี้ 1 นาที ไม่ถามชื่อ"}
    known = said().replace("\\n", " ")

    assert len(quoted - of_people) > 8
    assert [words for words in sorted(quoted - of_people) if words not in known] == []


def test_it_says_at_once_that_this_is_not_the_official_ita() -> None:
    assert "ไม่ใช่ผล ITA ของ ป.ป.ช." in GUIDE.split("\n## ", 1)[0]
