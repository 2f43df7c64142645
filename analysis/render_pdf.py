"""A Report as PDF, to publish."""

from analysis import render_data, typeset
from analysis.report import Report


def render(report: Report) -> bytes:
    """The bytes of the PDF; the same report gives the same bytes."""
    return typeset.pdf("report", render_data.plain(render_data.ready(report)))
