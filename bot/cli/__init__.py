"""The command ``siang``. Each command is a module of its own, loaded when it is asked for, so that help is quick.

Exit codes: 0 fine; 1 a finding or a failed check; 2 wrong use, settings, or an unreadable file.
"""

import warnings
from importlib import import_module

import click

from bot import family

COMMANDS = {
    "demo": "Try everything on this machine, without any account.",
    "init": "Write a commented .env and agency.toml to start from.",
    "doctor": "Check settings, database, LINE and Google Sheets; say how to mend.",
    "migrate": "Bring the database to this version and open the current rounds.",
    "web": "Serve the webhook and the pages.",
    "worker": "File answers, fill the sheet, alert officers, compute scores.",
    "round": "Open, close and list rounds.",
    "instrument": "Check a file of questions.",
    "officer": "Invite, list and remove those who may read scores.",
    "keys": "Make a new key, and bring what is encrypted under it.",
    "audit": "Check and read the log of who opened sealed reports.",
    "group": "Link LINE groups to departments, list and unlink them.",
    "menu": "Put the menu for residents on the LINE channel.",
    "points": "List service points with their links and make their QR codes.",
    "scores": "Show indicator scores of a month or a fiscal year.",
    "complaints": "List complaints, show one, count them, confirm a month.",
    "analysis": "Look at our own survey's year; advice and estimate for staff.",
    "ita": "Check and take in official ITA results.",
    "measures": "Choose improvement measures and keep their register.",
    "report": "Make finished Thai documents: docx, pdf and xlsx.",
    "export": "Write all responses to an Excel file.",
    "sheet": "Compare the Google Sheet with the store, or write it anew.",
    "playground": "Start the local LINE or the local Google Sheets alone.",
}
"""Name -> what ``siang --help`` says; the module is ``bot.cli.<name>`` and holds ``command``."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"bot.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        with import_module("bot.cli.errors").told():
            return super().invoke(ctx)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Siang: residents answer surveys in LINE, the sheet fills, the office reads its scores.

    \b
    First look:        siang demo
    A real office:     siang init, edit .env and agency.toml, siang migrate, siang doctor,
                       then keep `siang web` and `siang worker` running.

    Settings come from the environment or from the file .env in the current directory.
    Exit code: 0 fine, 1 a finding or a failed check, 2 wrong use, settings or an unreadable file.
    """


def main() -> None:
    """The entry point of ``siang`` and ``python -m bot``."""
    family.obey()
    warnings.formatwarning = _sentence
    cli(prog_name="siang")


def _sentence(message: Warning | str, *_: object, **__: object) -> str:
    return f"siang: warning: {message}\n"
