"""Writes what a command made to a file: whole or not at all, and never over another one unasked."""

from contextlib import suppress
from pathlib import Path

import click

from bot.cli.errors import ToldError


def write(path: Path, content: bytes, force: bool) -> None:
    """Write and say so. Raises ToldError when it cannot be written, or is there; ``force``: then it is replaced."""
    if path.exists() and not force:
        raise ToldError(f"{path} is there already. Give another --out, or --force to write over it.")
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as exc:
        with suppress(OSError):
            part.unlink()
        raise ToldError(
            f"{path} cannot be written: {exc.strerror}. Close it elsewhere, or give another --out."
        ) from None
    click.echo(f"Wrote {path}.")
