"""What has to hold between the entries of a frame for its numbers to mean something. Pure."""

from collections import Counter
from collections.abc import Iterator

from analysis.frame import Frame, FrameError, family


def check(frame: Frame, where: str) -> None:
    """Raises FrameError naming the file and the first entry that does not fit the others."""
    fault = next(_faults(frame), None)
    if fault:
        raise FrameError(f"{where}: {fault}")


def _faults(frame: Frame) -> Iterator[str]:
    yield from _faults_of_instruments(frame)
    yield from _faults_of_indicators(frame)
    yield from _faults_of_levels(frame)
    for item in frame.items.values():
        if item.scale not in frame.scales:
            yield f"item {item.code}: there is no scale {item.scale!r}"
    for scale in frame.scales.values():
        if not scale.options or not all(0 <= option.score <= 100 for option in scale.options):
            yield f"scale {scale.id}: it needs options with scores from 0 to 100"
    for issue in frame.issues:
        if unknown := set(issue.items) - frame.items.keys():
            yield f"issue {issue.number}: no indicator has the item {min(unknown)}"
    for publication in frame.publications.values():
        if publication.item not in frame.items:
            yield f"publication {publication.kind}: no indicator has the item {publication.item}"
    if bool(frame.doubts) == all(_flags(frame)):
        yield "doubts must say, in Thai, what is not verified, and be empty when everything is"


def _faults_of_instruments(frame: Frame) -> Iterator[str]:
    if (whole := sum(i.weight for i in frame.instruments)) != 1:
        yield f"instruments: the weights must sum to 1, not to {whole}"
    for name in frame.families:
        parts = frame.parts(name)
        if len(parts) > 2 or len({(i.weight, i.indicators) for i in parts}) > 1:
            yield f"instrument {name}: at most two parts, of equal weight and with the same indicators"
        if name not in ("IIT", "EIT", "OIT"):
            yield f"instrument {name}: only IIT, EIT and OIT are known"


def _faults_of_indicators(frame: Frame) -> Iterator[str]:
    wanted = Counter(number for name in frame.families for number in frame.parts(name)[0].indicators)
    given = Counter(indicator.number for indicator in frame.indicators)
    if wrong := [number for number in sorted(wanted | given) if not wanted[number] == given[number] == 1]:
        yield f"indicator {wrong[0]}: each must be given once and belong to one instrument"
    for name in frame.families:
        for indicator in frame.indicators_of(name):
            if strange := [code for code in indicator.items if family(code) != name]:
                yield f"indicator {indicator.number}: {strange[0]} is no item of {name}"


def _faults_of_levels(frame: Frame) -> Iterator[str]:
    """From the best down, and one for everybody at the end."""
    least = [level.total_min for level in frame.levels]
    last = frame.levels[-1] if frame.levels else None
    if last is None or last.total_min != 0 or last.every_instrument_min is not None:
        yield "levels: the last one must ask for nothing (total_min = 0)"
    if least != sorted(least, reverse=True):
        yield "levels: they must stand from the best down"


def _flags(frame: Frame) -> Iterator[bool]:
    yield frame.verified
    for entries in (frame.instruments, frame.indicators, frame.levels, frame.issues):
        yield from (entry.verified for entry in entries)
    for table in (frame.items, frame.scales, frame.publications):
        yield from (entry.verified for entry in table.values())
