"""Typst, with our font and nothing of the machine's: data in as JSON, so that no text of a citizen can be markup."""

import json
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).parents[1] / "templates" / "report"
PATIENCE_S = 20
_GUARD = threading.Lock()  # while a compiler is made


def pdf(layout: str, data: dict[str, Any]) -> bytes:
    """A document. ``layout``: a file in templates/report without its ending."""
    [whole] = _set(layout, data, "pdf", None)
    return whole


def png(layout: str, data: dict[str, Any], ppi: float) -> list[bytes]:
    """A picture of each page."""
    return _set(layout, data, "png", ppi)


def png_apart(layout: str, data: dict[str, Any], ppi: float) -> bytes:
    """The picture of the only page, drawn in a process of its own that ends with it: 100 ms instead of 30, but a web
    process that has set a page stays 40 MB larger for good (docs/decisions/0006). Raises SubprocessError."""
    command = (sys.executable, "-P", __file__, layout, str(ppi))
    said = json.dumps(data, ensure_ascii=False).encode()
    return subprocess.run(command, input=said, stdout=subprocess.PIPE, check=True, timeout=PATIENCE_S).stdout  # noqa: S603


def _set(layout: str, data: dict[str, Any], kind: Literal["pdf", "png"], ppi: float | None) -> list[bytes]:
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    with _GUARD:
        compiler, alone = _compiler(layout)
    with alone:
        made = compiler.compile(format=kind, ppi=ppi, sys_inputs=inputs)
    return made if isinstance(made, list) else [made]


@cache
def _compiler(layout: str) -> tuple[Any, threading.Lock]:
    """One for each layout, for one document at a time, made with the first: importing typst takes 50 ms and 7 MB."""
    import typst  # noqa: PLC0415 - see above

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER / "fonts"])
    return typst.Compiler(FOLDER / f"{layout}.typ", root=FOLDER, font_paths=fonts), threading.Lock()


if __name__ == "__main__":
    [page] = png(sys.argv[1], json.load(sys.stdin.buffer), float(sys.argv[2]))
    sys.stdout.buffer.write(page)
