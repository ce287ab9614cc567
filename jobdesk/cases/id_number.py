"""The citizen's number (公民身份号码, GB 11643-1999): what it says and whether it can be true.

Nothing here guesses. A number that Excel has cut short is named as such, and how many numbers would
still compute is a count, never a list. An unknown or abolished region is not a fault: the first six
digits are where the number was first issued, and counties come and go.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from operator import mul
from types import MappingProxyType
from typing import Literal

Sex = Literal["male", "female"]
SEX_CODES: Mapping[Sex, str] = MappingProxyType({"male": "1", "female": "2"})
"""The codes of GB/T 2261.1, as the table ``sex`` holds them."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZEROS = sum(_WEIGHTS) * ord("0")
"""What seventeen zeros as ASCII codes weigh."""
_CHECKS = "10X98765432"
_EARLIEST = 1900
_DIGITS = frozenset("0123456789")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Only the full-width forms: ① and ² are no digits of an ID number."""
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202c\u202d")


class IdKind(enum.Enum):
    """What a number is; the value is also the problem code shown beside the field."""

    VALID = "id_valid"
    OLD15 = "id_old15"
    """15 digits, before 1999: kept as the old number, the 18 digits are asked for."""
    DAMAGED = "id_damaged"
    """18 digits, the last three 000 and no checksum: what Excel leaves of a number typed as a number."""
    BAD_CHECKSUM = "id_bad_checksum"
    BAD_DATE = "id_bad_date"
    BAD_LENGTH = "id_bad_length"
    BAD_CHARACTERS = "id_bad_characters"
    EMPTY = "id_empty"


@dataclass(slots=True)
class IdReading:
    """What a typed or imported number says.

    Attributes:
        normal: half-width, no blanks, ``x`` as ``X``; what is stored.
        birth: only where the eight (six) digits are a day between 1900 and today.
        sex: None where its digit is lost (damaged) or the number cannot be read.
        region: the first six digits: 首次编码地, never the present 户籍地. None when not six digits.
    """

    normal: str
    kind: IdKind
    birth: date | None = None
    sex: Sex | None = None
    region: str | None = None

    @property
    def ok(self) -> bool:
        """Whether it may stand as the person's 18-digit number."""
        return self.kind is IdKind.VALID

    @property
    def perhaps_damaged(self) -> bool:
        """A number that ends in 000 and passes its checksum all the same.

        One in eleven damaged numbers does so by chance, and hardly a true number ends so. In a cell that
        holds a number, or beside damaged ones, it is to be asked about like a damaged one.
        """
        return self.kind is IdKind.VALID and self.normal.endswith("000")


def clean(text: str) -> str:
    """Full-width to half-width, blanks of every kind and a leading apostrophe away, ``x`` to ``X``."""
    if text.isascii() and text.isalnum():
        return text.upper()
    half = text.translate(_HALF_WIDTH)
    kept = "".join(c for c in half if not c.isspace() and c not in _INVISIBLE)
    return kept.lstrip("'‘’`").upper()


def _digits(text: str) -> bool:
    """ASCII digits only: ① and ² are digits to Unicode."""
    return text.isascii() and text.isdigit()


def check_digit(first17: str) -> str:
    """The eighteenth character for seventeen ASCII digits (GB 11643-1999, ISO 7064 MOD 11-2).

    Raises:
        ValueError: not seventeen digits.
    """
    if len(first17) != 17 or not _digits(first17):
        raise ValueError("seventeen digits are needed")
    return _check(first17)


def _check(first17: str) -> str:
    return _CHECKS[(sum(map(mul, _WEIGHTS, first17.encode())) - _ZEROS) % 11]


@functools.lru_cache(maxsize=8)
def examine(text: str, today: date) -> IdReading:
    """Read a number as it was typed. Never raises. The last few are kept: one file asks for its own often."""
    normal = clean(text)
    if not normal:
        return IdReading("", IdKind.EMPTY)
    if len(normal) == 18 and _digits(normal[:17]) and normal[17] in "0123456789X":
        return _examine18(normal, today)
    region = normal[:6] if len(normal) >= 6 and _digits(normal[:6]) else None
    if (len(normal) > 1 and not _digits(normal[:-1])) or normal[-1] not in "0123456789X":
        return IdReading(normal, IdKind.BAD_CHARACTERS, region=region)
    if len(normal) == 15 and normal[-1] != "X":
        return _examine15(normal, region)
    return IdReading(normal, IdKind.BAD_LENGTH, region=region)


def _examine18(normal: str, today: date) -> IdReading:
    region, birth = normal[:6], _day(normal[6:14], today)
    if birth is None:
        return IdReading(normal, IdKind.BAD_DATE, region=region)
    if _check(normal[:17]) == normal[17]:
        return IdReading(normal, IdKind.VALID, birth, _sex(normal[16]), region)
    if normal.endswith("000"):
        return IdReading(normal, IdKind.DAMAGED, birth, None, region)
    return IdReading(normal, IdKind.BAD_CHECKSUM, birth, _sex(normal[16]), region)


def _examine15(normal: str, region: str | None) -> IdReading:
    birth = _day("19" + normal[6:12], date(1999, 12, 31))
    if birth is None:
        return IdReading(normal, IdKind.BAD_DATE, region=region)
    return IdReading(normal, IdKind.OLD15, birth, _sex(normal[14]), region)


def _day(eight: str, latest: date) -> date | None:
    try:
        found = date.fromisoformat(eight)
    except ValueError:
        return None
    return found if found.year >= _EARLIEST and found <= latest else None


def _sex(digit: str) -> Sex:
    return "male" if int(digit) % 2 else "female"


def convert15(text: str) -> str:
    """The 18 digits that a 15-digit number became: the century and the check digit added.

    A proposal to compare with the card, not a fact: some people were given a new number.

    Raises:
        ValueError: not fifteen digits.
    """
    old = clean(text)
    if len(old) != 15 or not _DIGITS.issuperset(old):
        raise ValueError("fifteen digits are needed")
    first17 = f"{old[:6]}19{old[6:]}"
    return first17 + check_digit(first17)


def age_on(birth: date, day: date) -> int:
    """Completed years (周岁). Who was born on 29 February turns a year older on 1 March of a common year.

    Negative before birth.
    """
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def birthday(birth: date, years: int) -> date:
    """The first day on which ``age_on`` says so many years."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:  # 29 February
        return date(birth.year + years, 3, 1)


def computable(
    damaged: str, sex: Sex | None = None, ages: tuple[int, int] | None = None, *, today: date | None = None
) -> int:
    """How many true numbers could stand behind a damaged one.

    Fifteen digits survive: region, birth and the first digit of the sequence. Two sequence digits and
    the check digit are lost. Every pair computes its own check digit, so the checksum rules out only
    those that would end in X (such a number is text and Excel leaves it whole). The sex halves the
    rest: about 45 remain. The birth date survives, so an age only agrees or leaves none at all.

    Args:
        damaged: 18 digits ending in 000; other texts give 0.
        ages: first and last completed age on ``today``, both included; needs ``today``.
    """
    fifteen, birth = _survivors(clean(damaged))
    if birth is None or fifteen is None:
        return 0
    if ages is not None:
        if today is None:
            raise ValueError("an age needs the day it is counted on")
        if not ages[0] <= age_on(birth, today) <= ages[1]:
            return 0
    return sum(1 for end in _ends(fifteen) if sex is None or _sex(end[1]) == sex)


def fits_damaged(damaged: str, candidate: str) -> bool:
    """Whether a whole number from a second source can be what Excel has damaged."""
    fifteen, birth = _survivors(clean(damaged))
    whole = clean(candidate)
    return birth is not None and whole[:15] == fifteen and whole[15:] in _ends(fifteen)


def _survivors(normal: str) -> tuple[str | None, date | None]:
    if len(normal) != 18 or not _DIGITS.issuperset(normal) or not normal.endswith("000"):
        return None, None
    return normal[:15], _day(normal[6:14], date.max)


@functools.lru_cache(maxsize=256)
def _ends(fifteen: str) -> frozenset[str]:
    pairs = (f"{n:02d}" for n in range(100))
    ends = (pair + check_digit(fifteen + pair) for pair in pairs)
    return frozenset(end for end in ends if end[-1] != "X")
