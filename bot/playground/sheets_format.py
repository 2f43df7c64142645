"""How a cell is shown and how typed text is understood.

``render`` follows ``valueRenderOption`` and ``dateTimeRenderOption``; ``shown`` is what a person sees in the grid.
Number patterns understood: digits (``0``, ``0.00``, ``#,##0``), percent, date and time letters, ``@``. A date is a
serial number: days since 30 December 1899. Formulas are shown as they were typed, never evaluated.
"""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot.playground.sheets_book import EMPTY, Cell, Formula, Value
from bot.playground.sheets_errors import Json, invalid

_EPOCH = datetime(1899, 12, 30)
_MONTHS = "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.".split()
_DEFAULT_PATTERN = {
    "DATE": "d/m/yyyy",
    "TIME": "h:mm:ss",
    "DATE_TIME": "d/m/yyyy, h:mm:ss",
    "PERCENT": "0.00%",
    "NUMBER": "#,##0.00",
    "CURRENCY": "฿#,##0.00",
    "SCIENTIFIC": "0.00E+00",
    "TEXT": "@",
}
_DATE_TYPES = frozenset({"DATE", "TIME", "DATE_TIME"})
_DATE_TOKEN = re.compile(r"\"[^\"]*\"|yyyy|yy|mmmm|mmm|mm|m|dd|d|hh|h|ss|s|.", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?(?<=[\d])(e[+-]?\d+)?%?", re.IGNORECASE)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_THAI_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def render(cell: Cell, value_option: str, date_option: str) -> Any:
    """The cell as JSON for a values answer; an empty cell is ``""``."""
    if value_option == "FORMATTED_VALUE":
        return shown(cell)
    value = cell.value
    if isinstance(value, float):
        if date_option == "FORMATTED_STRING" and number_type(cell) in _DATE_TYPES:
            return shown(cell)
        return plain(value)
    if isinstance(value, Formula):
        return value.text
    return "" if value is None else value


def shown(cell: Cell) -> str:
    """What a person sees."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Formula):
        return value.text
    return value if isinstance(value, str) else _number_shown(value, cell)


def number_type(cell: Cell) -> str:
    return str(((cell.format or {}).get("numberFormat") or {}).get("type", ""))


def plain(value: float) -> float | int:
    """Google writes whole numbers without a point."""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def entered(raw: Any, option: str) -> Cell | None:
    """A value as it came in JSON. None leaves the cell alone, ``""`` empties it. RAW never interprets text."""
    if raw is None:
        return None
    if isinstance(raw, bool):
        return Cell(raw)
    if isinstance(raw, int | float):
        return Cell(float(raw))
    if not isinstance(raw, str):
        raise invalid(f"Invalid values: {type(raw).__name__} is not a cell value")
    if raw == "":
        return EMPTY
    return Cell(raw) if option == "RAW" else typed_by_hand(raw)


def typed_by_hand(text: str) -> Cell:
    """USER_ENTERED: as if typed into the page. ``0812345678`` becomes a number here and loses its zero."""
    if text.startswith("'"):
        return Cell(text[1:])
    if text.startswith("=") and len(text) > 1:
        return Cell(Formula(text))
    if text.upper() in ("TRUE", "FALSE"):
        return Cell(text.upper() == "TRUE")
    bare = text.strip()
    if bare and _NUMBER.fullmatch(bare):
        return _typed_number(bare)
    day = _typed_date(bare)
    if day is not None:
        return Cell(serial(day), {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}})
    return Cell(text)


def serial(day: date) -> float:
    return float((datetime(day.year, day.month, day.day) - _EPOCH).days)


def extended(value: Value) -> Json:
    """Google's ``ExtendedValue``."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, Formula):
        return {"formulaValue": value.text}
    if isinstance(value, float):
        return {"numberValue": plain(value)}
    return {"stringValue": value}


def from_extended(value: Any) -> Value:
    """The value of an ``ExtendedValue``: a stringValue stays text whatever it begins with."""
    if not value:
        return None
    if not isinstance(value, dict) or len(value) != 1:
        raise invalid("userEnteredValue: exactly one kind of value may be set")
    kind, inner = next(iter(value.items()))
    if kind == "stringValue" and isinstance(inner, str):
        return inner or None
    if kind == "numberValue" and isinstance(inner, int | float) and not isinstance(inner, bool):
        return float(inner)
    if kind == "boolValue" and isinstance(inner, bool):
        return inner
    if kind == "formulaValue" and isinstance(inner, str):
        return Formula(inner)
    raise invalid(f"Invalid value at 'userEnteredValue.{kind}'")


def _typed_number(text: str) -> Cell:
    value = float(text.rstrip("%").replace(",", ""))
    if not text.endswith("%"):
        return Cell(value)
    pattern = "0.00%" if "." in text else "0%"
    return Cell(value / 100, {"numberFormat": {"type": "PERCENT", "pattern": pattern}})


def _typed_date(text: str) -> date | None:
    try:
        if match := _ISO_DATE.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _THAI_DATE.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        pass  # the 31st of February stays text, as in Google
    return None


def _number_shown(value: float, cell: Cell) -> str:
    number_format = (cell.format or {}).get("numberFormat") or {}
    kind = number_format.get("type", "")
    pattern = str(number_format.get("pattern") or _DEFAULT_PATTERN.get(kind, ""))
    if kind in _DATE_TYPES:
        return _date_shown(value, pattern)
    if not pattern or pattern == "@":
        return f"{value:.15g}" if not value.is_integer() else str(plain(value))
    return _digits_shown(value, pattern)


def _digits_shown(value: float, pattern: str) -> str:
    """``฿#,##0.00`` and friends: text around the first run of digit places, rounded half up."""
    match = re.search(r"[#0,]*[#0](\.[#0]+)?", pattern)
    if not match or "E" in pattern:
        return f"{value:.2E}" if "E" in pattern else pattern
    places = len((match[1] or ".")[1:])
    number = Decimal(str(value)) * (100 if "%" in pattern else 1)
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    digits = f"{rounded:,f}" if "," in match[0] else f"{rounded:f}"
    if match[1] and match[1].endswith("#"):
        digits = digits.rstrip("0").rstrip(".")
    return (pattern[: match.start()] + digits + pattern[match.end() :]).replace('"', "")


def _date_shown(value: float, pattern: str) -> str:
    try:
        moment = _EPOCH + timedelta(days=value)
    except OverflowError:
        return "#NUM!"
    after_hour = False
    out = []
    for token in _DATE_TOKEN.findall(pattern):
        low = token.lower()
        is_minute = low in ("m", "mm") and after_hour
        out.append(_minute(moment, low) if is_minute else _date_part(moment, token, low))
        after_hour = low in ("h", "hh") or (after_hour and not low.isalpha())
    return "".join(out)


def _minute(moment: datetime, letters: str) -> str:
    return f"{moment.minute:02d}" if letters == "mm" else str(moment.minute)


def _date_part(moment: datetime, token: str, low: str) -> str:
    parts = {
        "yyyy": f"{moment.year:04d}",
        "yy": f"{moment.year % 100:02d}",
        "mmmm": _MONTHS[moment.month - 1],
        "mmm": _MONTHS[moment.month - 1],
        "mm": f"{moment.month:02d}",
        "m": str(moment.month),
        "dd": f"{moment.day:02d}",
        "d": str(moment.day),
        "hh": f"{moment.hour:02d}",
        "h": str(moment.hour),
        "ss": f"{moment.second:02d}",
        "s": str(moment.second),
    }
    return parts.get(low, token.strip('"'))
