"""A worker that does nothing but the mirror, to be killed: ``python -m tests.fault.mirror_worker config.json name``."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from survey import db, library
from survey.privacy import Keys
from survey.settings import Agency, Settings
from survey.sheets import Mirror


def main(config_path: str, worker_id: str) -> None:
    config = json.loads(Path(config_path).read_text())
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
    books = library.load()
    mirror = Mirror(
        db.connect(config["database"], pool_size=2),
        agency,
        settings,
        [*books.of_kind("eit"), *books.of_kind("satisfaction")],
        clock=lambda: datetime.now(UTC),
        worker_id=worker_id,
        alert=lambda kind, text: print("ALERT", kind, text, flush=True),
    )
    while True:
        if not mirror.step():
            time.sleep(0.01)


if __name__ == "__main__":
    main(*sys.argv[1:])
