"""Each path of the conversation as a chat that can be read: see transcript.py for how."""

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.privacy import Keys
from survey.settings import Agency
from tests.survey.transcript import Chat, replay

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda p: p.stem)
def test_the_conversation_goes_as_written(path: Path, sqlite_engine: Engine, agency: Agency, keys: Keys) -> None:
    said = replay(path, Chat(sqlite_engine, agency, keys))

    if os.environ.get("UPDATE_TRANSCRIPTS"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")
