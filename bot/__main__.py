"""``python -m bot``: the same as ``siang``."""

from bot.cli import main

main()
