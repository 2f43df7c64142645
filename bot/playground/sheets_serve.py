"""Running the local Sheets as a program: ``siang playground sheets --port N`` and the demo."""

from pathlib import Path

from bot.playground.serve import serve
from bot.playground.sheets import LocalSheets
from bot.playground.sheets_auth import write_service_account
from bot.playground.sheets_http import create_app


def serve_sheets(
    port: int,
    *,
    host: str = "127.0.0.1",
    spreadsheet_id: str = "demo",
    title: str = "สมุดคำตอบ (จำลองในเครื่อง)",
    account_file: Path | None = None,
    state_file: Path | None = None,
) -> None:
    """Serve one spreadsheet on ``port`` until SIGTERM or Ctrl-C. Call it from the main thread.

    ``account_file`` receives a service-account key for ``GOOGLE_APPLICATION_CREDENTIALS``; ``state_file`` keeps the
    rows between runs. Raises ``OSError`` when the port is taken, ``ValueError`` for a state file that is not ours.
    """
    key_pem = write_service_account(account_file, f"http://{host}:{port}") if account_file else None
    sheets = LocalSheets(key_pem=key_pem, state_file=state_file)
    sheets.create_spreadsheet(spreadsheet_id, title)
    try:
        serve(create_app(sheets), host, port)
    finally:
        sheets.close()
