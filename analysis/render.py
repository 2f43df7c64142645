"""A Report as its files: docx to edit, pdf to publish, xlsx of its numbers. Whole files or none of them."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from analysis import render_docx, render_pdf, render_xlsx
from analysis.report import Report

RENDERERS = {"docx": render_docx.render, "pdf": render_pdf.render, "xlsx": render_xlsx.render}


def render(report: Report) -> dict[str, bytes]:
    """Ending -> the bytes of that file. The pdf is set beside the others: typst leaves Python free meanwhile."""
    with ThreadPoolExecutor(len(RENDERERS), thread_name_prefix="render") as beside:
        made = {ending: beside.submit(make, report) for ending, make in RENDERERS.items()}
        return {ending: one.result() for ending, one in made.items()}


def write(report: Report, folder: Path) -> list[Path]:
    """Write ``STEM.docx|pdf|xlsx`` into a folder, which is made when it is not there. Raises OSError.

    All are made before the first is written, and each takes its place at once, so that nobody opens half a file.
    """
    made = render(report)
    folder.mkdir(parents=True, exist_ok=True)
    return [_put(folder / f"{report.stem}.{ending}", content) for ending, content in made.items()]


def _put(path: Path, content: bytes) -> Path:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
