"""Phone numbers as ledgers hold them: blanks inside, two in a cell, landlines, cut short by Excel."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from jobdesk.services.importing.tables import compact

_MOBILE = re.compile(r"(?<!\d)(?:\+?86-?)?(1[3-9]\d{9})(?!\d)")
_PLAIN = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(
    r"(?<!\d)(0\d{2,3}-?[2-9]\d{6,7}(?:-\d{1,5})?|[2-9]\d{6,7}|400-?\d{3}-?\d{4}|400\d{7})(?!\d)"
)
_LOST_ZERO = re.compile(r"4[3-6]\d-?[2-9]\d{6,7}")
"""A north-eastern area code whose first 0 a number cell dropped."""

_JOINTS = re.compile(r"[、,;/|或和]|\s+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
_FRACTION = re.compile(r"(\d{7,11})\.0+")
_WORDS = re.compile(r"[^\d+\-()、,;/|.:或和\s]+")


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """Numbers found in order, at most as many as were written.

    Attributes:
        problem: ``phone_length``, ``phone_scientific``, ``phone_zero_lost`` or None.
        words: the cell holds words too (a relative's name): they belong into the note.
    """

    numbers: tuple[str, ...]
    problem: str | None = None
    words: bool = False


def is_mobile(text: str) -> bool:
    """Eleven ASCII digits and nothing else."""
    return _PLAIN.fullmatch(text) is not None


def read_phones(text: str) -> PhoneReading:
    """Read a cell. What is no known shape is kept as it was written, with the problem named."""
    if is_mobile(text):
        return PhoneReading((text,))
    packed = compact(text).lstrip("'’`")
    if _SCIENTIFIC.fullmatch(packed):
        return PhoneReading((), "phone_scientific")
    if match := _FRACTION.fullmatch(packed):
        packed = match[1]
    if match := _MOBILE.fullmatch(packed.replace("-", "")):
        return PhoneReading((match[1],))
    if packed.isdigit() and len(packed) == 22:
        halves = packed[:11], packed[11:]
        if all(_MOBILE.fullmatch(half) for half in halves):
            return PhoneReading(halves)
    found = _pieces(text)
    words = bool(_WORDS.search(packed))
    if found:
        return PhoneReading(tuple(dict.fromkeys(found)), words=words)
    if _LOST_ZERO.fullmatch(packed):
        return PhoneReading((packed,), "phone_zero_lost")
    return PhoneReading((packed,) if not words else (), "phone_length", words=words)


def _pieces(text: str) -> list[str]:
    """As separated by blanks where that takes every digit, else with the blanks closed."""
    spaced = unicodedata.normalize("NFKC", text)
    digits = sum(c.isdigit() for c in spaced)
    found = _in(spaced)
    if sum(c.isdigit() for number in found for c in number) >= digits:
        return found
    return _in(compact(text)) or found


def _in(half: str) -> list[str]:
    mobiles = _MOBILE.findall(half)
    rest = _MOBILE.sub(" ", half)
    found = [(half.find(number), number) for number in mobiles]
    for piece in _JOINTS.split(rest):
        bare = re.sub(r"[()]", "", _WORDS.sub("", piece)).strip("-.:")
        if _LANDLINE.fullmatch(bare):
            found.append((half.find(bare[:4]), bare))
    return [number for _, number in sorted(found)]
