"""The text of a PDF as a reader copies it: what ``ActualText`` says where it says something, else the font's letters.

pypdf's own ``extract_text`` knows nothing of ``ActualText``, without which Thai comes out garbled.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream, TextStringObject


@dataclass(frozen=True)
class Run:
    """A run of text on one line, where it begins and how large it is (points from the lower left corner)."""

    text: str
    x: float
    y: float
    size: float


def pages(content: bytes) -> list[list[Run]]:
    """The runs of each page, in the order in which they are read."""
    reader = PdfReader(BytesIO(content))
    return [_runs(page, reader) for page in reader.pages]


def texts(content: bytes) -> list[str]:
    """The text of each page, a blank between two runs."""
    return [" ".join(run.text for run in runs) for runs in pages(content)]


def _runs(page: Any, reader: PdfReader) -> list[Run]:
    fonts = {name: _letters(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()}
    found: list[Run] = []
    said: list[str] = []
    matrix, size, letters = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0], 0.0, {}
    stack: list[list[float]] = []
    spans: list[bool] = []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        match operator:
            case b"q":
                stack.append(list(matrix))
            case b"Q":
                matrix = stack.pop()
            case b"cm":
                matrix = _times([float(n) for n in operands], matrix)
            case b"BT":
                said = []
            case b"ET":
                found.append(Run("".join(said), matrix[4], matrix[5], size * abs(matrix[3])))
            case b"Tf":
                letters, size = fonts[operands[0]], float(operands[1])
            case b"BDC":
                actual = operands[1].get("/ActualText") if hasattr(operands[1], "get") else None
                spans.append(actual is not None)
                said += [str(TextStringObject(actual))] if actual is not None else []
            case b"EMC":
                spans.pop()
            case b"Tj" | b"TJ" if not any(spans):
                for part in operands[0] if operator == b"TJ" else operands:
                    if hasattr(part, "original_bytes"):
                        codes = part.original_bytes
                        said += [letters.get(codes[k : k + 2], "�") for k in range(0, len(codes), 2)]
            case _:
                pass
    return found


def _times(a: list[float], b: list[float]) -> list[float]:
    return [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]


def _letters(font: Any) -> dict[bytes, str]:
    """Code -> letters, from the font's ToUnicode map."""
    table = font["/ToUnicode"].get_object().get_data().decode("latin-1")
    pairs = re.findall(r"<([0-9A-Fa-f]{4})> *<((?:[0-9A-Fa-f]{4})+)>(?! *<)", table)
    return {bytes.fromhex(code): bytes.fromhex(letters).decode("utf-16-be") for code, letters in pairs}
