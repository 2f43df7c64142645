"""``siang web`` as a process of its own, for tests that kill it or load it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from survey.settings_names import NAMES

PATIENCE_S = 30.0
Web = tuple["subprocess.Popen[bytes]", str]


@contextmanager
def serving(database_url: str, folder: Path, **settings: str) -> Iterator[Web]:
    """The process and its address, as soon as it answers; ``settings`` go over those of a plain test office."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {setting.name for setting in NAMES}
    env = {name: value for name, value in os.environ.items() if name not in ours}
    env |= {"LINE_CHANNEL_SECRET": "s", "LINE_CHANNEL_ACCESS_TOKEN": "t", "SECRET_KEY": "sixteen or more characters"}
    env |= {"AGENCY_NAME": "เทศบาล", "DATABASE_URL": database_url, "LINE_API_BASE": "http://127.0.0.1:1"}
    env |= settings
    command = [sys.executable, "-m", "bot", "web", "--port", str(port)]
    process = subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not answers(f"http://127.0.0.1:{port}/healthz"):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=2).status_code == 200
    except requests.ConnectionError:
        return False
