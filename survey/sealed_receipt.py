"""The receipt code of a sealed report: 14 digits by chance and two that find a wrong digit. Pure.

The check digits are those of ISO 7064 MOD 97-10: they find every single wrong digit and every two swapped.
"""

from survey.thai import arabic_digits

CODES = 10**14
"""How many there are: 46 bits, beside a limit on guesses."""


def code(number: int) -> str:
    """The sixteen digits for a number from 0 to ``CODES`` - 1."""
    return f"{number:014d}{98 - number * 100 % 97:02d}"


def shown(digits: str) -> str:
    """``1234 5678 9012 3456``: how people read and write it."""
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


def read(typed: str) -> str | None:
    """The code meant by what somebody typed, in Thai or Arabic digits, with any spaces and dashes; None: is none."""
    digits = "".join(c for c in arabic_digits(typed) if c not in " -–.\t\u00a0\u200b")
    right = len(digits) == 16 and digits.isascii() and digits.isdigit() and int(digits) % 97 == 1
    return digits if right else None
