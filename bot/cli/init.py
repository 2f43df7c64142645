"""``siang init``: the two files an office starts from, with fresh keys. Never overwrites anything."""

import os
import secrets
from pathlib import Path

import click
from cryptography.fernet import Fernet

TEMPLATES = Path(__file__).parents[2] / "templates"
NEXT = "Next: fill in both files, then run `siang migrate` and `siang doctor`."


@click.command(short_help="Write a commented .env and agency.toml to start from.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=".",
    help="Where to write them (default: the current directory).",
)
def command(folder: Path) -> None:
    """Write a commented .env and agency.toml to start from.

    The .env holds fresh secret keys and can be read by you alone (mode 600). Files that exist are left as they are.

    \b
    Example:  siang init
    """
    env = (TEMPLATES / "env").read_text(encoding="utf-8")
    keys = {"secret_key": secrets.token_urlsafe(32)}
    keys |= {name: Fernet.generate_key().decode() for name in ("contact_key", "sealed_key")}
    written = [
        _write(folder / ".env", env.format(**keys), 0o600),
        _write(folder / "agency.toml", (TEMPLATES / "agency.toml").read_text(encoding="utf-8"), 0o644),
    ]
    if any(written):
        click.echo(NEXT)


def _write(path: Path, text: str, mode: int) -> bool:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        click.echo(f"{path} is there already; left as it is.")
        return False
    click.echo(f"Wrote {path}.")
    return True
