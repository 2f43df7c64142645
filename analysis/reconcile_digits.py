"""A number misread in one digit: which numbers it may have been, and which digits people take for one another. Pure.

Reports are scanned or typed off from paper, in Thai or Arabic digits; the look-alikes of either kind count, whatever
digits the file is written in, for nobody knows from what it was copied.
"""

THAI = ("59", "49", "45", "27", "38", "01", "78")
"""๕/๙ ๔/๙ ๔/๕ ๒/๗ ๓/๘ ๐/๑ ๗/๘."""
ARABIC = ("17", "38", "68", "06", "08", "56", "49", "35", "69", "89")

_ALIKE = {frozenset(pair) for pair in (*THAI, *ARABIC)}


def misread(printed: int, low: int, high: int) -> tuple[int, bool] | None:
    """The number from ``low`` to ``high`` (hundredths) that differs from ``printed`` by one digit, and whether the two
    digits look alike. Of several the look-alike, then the nearest; None when there is none."""
    digits = _digits(printed)
    found = []
    for at, old in enumerate(digits):
        for new in "0123456789":
            number = int(digits[:at] + new + digits[at + 1 :])
            if new != old and low <= number <= high and len(_digits(number)) == len(digits):
                found.append((frozenset((old, new)) not in _ALIKE, abs(number - printed), number))
    if not found:
        return None
    strange, _, number = min(found)
    return number, not strange


def _digits(number: int) -> str:
    """As printed, without the point: 98.10 -> "9810", 0.50 -> "050"."""
    return f"{number:03d}"
