"""A worker that does nothing but the mirror, in a process that is killed."""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from survey import db, library
from survey.privacy import Keys
from survey.settings import Agency, Settings
from survey.sheets import Mirror

PRELOAD = ["tests.fault.mirror_worker", "tests.fault.pusher"]
"""What the one process loads from which all workers that are killed are forked."""
BOOKS = library.load()  # once, for all that are forked from here


def main(config_path: Path, worker_id: str, log: Path) -> None:
    """Mirror until killed; what is printed goes to the end of ``log``."""
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(file, 1)
    os.dup2(file, 2)
    config = json.loads(config_path.read_text())
    agency = Agency(
        "main", "เทศบาลตำบลตัวอย่าง", spreadsheet_id=config["spreadsheet"], google_credentials=json.dumps(config["key"])
    )
    settings = Settings(
        (agency,),
        Keys("a key"),
        sheets_api_base=config["base"],
        sheets_timeout_s=config["timeout_s"],
        sheets_quota_window_s=config["window_s"],
    )
    mirror = Mirror(
        db.connect(config["database"], pool_size=2),
        agency,
        settings,
        [*BOOKS.of_kind("eit"), *BOOKS.of_kind("satisfaction")],
        clock=lambda: datetime.now(UTC),
        worker_id=worker_id,
        alert=lambda kind, text: print("ALERT", kind, text, flush=True),
    )
    while True:
        if not mirror.step():
            time.sleep(0.01)
