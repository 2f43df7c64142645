"""Hide personal data in what people write: ids, phones, e-mail, LINE ids, car plates, names with a title. Pure.

Rules find what has a form. A name without a title has none, so a person still reads free text before it is published.
"""

import re

from survey.thai import arabic_digits

_SEPARATOR = r"[\s\-.]?"
_ID = re.compile(rf"(?<!\d)\d(?:{_SEPARATOR}\d){{12}}(?!\d)")
_PHONE = re.compile(rf"(?<!\d)(?:\+?66{_SEPARATOR}|0)\d(?:{_SEPARATOR}\d){{6,7}}\d?(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINE_ID = re.compile(
    r"((?:line|ไลน์|ไลน)\s*(?:id|ไอดี)?\s*[:=]?\s*)@?(?=[a-z0-9._-]*[a-z0-9])[a-z0-9._-]{3,}", re.IGNORECASE
)
_AT = re.compile(r"(?<![\w@])@[a-z0-9._-]{3,}", re.IGNORECASE)
# Two consonants are words as well (ขอ, รอ, คน): those, and numbers that count something, are no car plates.
_WORD = r"(?!(?:ขอ|รอ|พอ|คน|จน|บน|ผล|ฝน|รถ|ลด|พบ|จบ|กม|ชม|นม|หก|ตก|สอ)\s?\d)"
_UNIT = r"(?!\s?(?:บาท|นาที|ชั่วโมง|วัน|เดือน|ปี|คน|ครั้ง|ราย|หลัง|ข้อ|เมตร|ที่|ตัว|คัน|จุด|ดวง|สาย|แห่ง|ต้น|โมง|รอบ|เรื่อง|ชั้น))"
_PLATE = re.compile(rf"(?<![ก-ฮ\d])(?:\d[ก-ฮ]{{2}}|{_WORD}[ก-ฮ]{{2}})\s?-?\s?\d{{1,4}}(?!\d){_UNIT}")
_TITLE = r"(?:นางสาว|นาย|นาง|น\.ส\.|ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง|ว่าที่\s?ร\.ต\.|ส\.ต\.[ตทอ]\.|ด\.ต\.|พ\.ต\.[ตทอ]\.)"
_NAME = re.compile(rf"({_TITLE})\s?(?!ก\b|ช่าง|อำเภอ|ทุน|จ้าง|กเทศ|กอง|กรัฐ)[ก-๏]{{2,}}(?:\s[ก-๏]{{3,}})?")
_COMMON_WORDS = ("นายก", "นายช่าง", "นายอำเภอ", "นายทุน", "นายจ้าง", "นายทะเบียน", "นายตรวจ", "นายหน้า", "นางฟ้า", "นางแบบ")


def mask(text: str) -> str:
    """The text with each piece of personal data replaced by what it was, in brackets."""
    text = without_ids(text)
    text = _EMAIL.sub("[อีเมล]", text)
    text = _LINE_ID.sub(r"\1[ไลน์ไอดี]", text)
    text = _AT.sub("[ไลน์ไอดี]", text)
    text = _digits(text, _PHONE, "[เบอร์โทร]")
    text = _digits(text, _PLATE, "[ทะเบียนรถ]")
    return _NAME.sub(_masked_name, text)


def without_numbers(text: str) -> str:
    """The text without national ids and phone numbers: what the officers at work see of a complainant's words."""
    return _digits(without_ids(text), _PHONE, "[เบอร์โทร]")


def without_ids(text: str) -> str:
    """The text without national ids, which nobody needs."""
    return _digits(text, _ID, "[เลขบัตรประชาชน]")


def has_national_id(text: str) -> bool:
    """Is there a Thai national id (13 digits with a right check digit) in the text?"""
    plain = arabic_digits(text)
    return any(valid_national_id(re.sub(r"\D", "", found[0])) for found in _ID.finditer(plain))


def valid_national_id(digits: str) -> bool:
    """Thirteen digits whose last is the check digit of the others."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(13, 1, -1), strict=False))
    return len(digits) == 13 and (11 - total % 11) % 10 == int(digits[12])


def _digits(text: str, pattern: re.Pattern[str], instead: str) -> str:
    """Replace where the text in Arabic digits matches; Thai digits are one character each, so places agree."""
    plain = arabic_digits(text)
    for found in reversed(list(pattern.finditer(plain))):
        text = text[: found.start()] + instead + text[found.end() :]
    return text


def _masked_name(found: re.Match[str]) -> str:
    if found[0].startswith(_COMMON_WORDS):
        return found[0]
    return f"{found[1]}[ชื่อ]"
