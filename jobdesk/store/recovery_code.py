"""The recovery code: 160 random bits a person can write down, read out and type back.

Eight groups of five characters; in each group four carry 20 bits and the fifth checks them, so a slip is
named with its group while the code is being typed. The 32 characters leave out 0, 1, I and O.

The check of a group is linear over GF(32) with a different non-zero factor for every place and a different
constant for every group. Hence any single wrong character in a group is seen, so are two swapped
characters within one (the factors differ), two swapped across a border (each group then has one wrong
character), and two swapped groups (the constants differ).

No slow key derivation: 2^160 codes cannot be tried at any speed, so HKDF is enough; a slow one would only
make the one honest try slow.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass, field

from jobdesk.cases.errors import BadInput

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS = 8
GROUP_LENGTH = 5
SECRET_BYTES = 20

_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_SEPARATORS = re.compile(r"[\s\-_.,:;/|·‐-―−－—]+")
_ALIKE = {"1": "L", "I": "L"}
_ROUND = {"0": "QD", "O": "QD"}
"""Characters that are not in the alphabet and which ones they may have been; the check decides."""


@dataclass(frozen=True, slots=True)
class RecoveryCode:
    """A valid code.

    Attributes:
        secret: the 20 bytes it stands for; never shown by ``repr``.
    """

    secret: bytes = field(repr=False)

    @property
    def groups(self) -> tuple[str, ...]:
        """The eight groups as printed."""
        number = int.from_bytes(self.secret, "big")
        symbols = [(number >> shift) & 31 for shift in range(155, -1, -5)]
        return tuple(_group(index, symbols[index * 4 : index * 4 + 4]) for index in range(GROUPS))

    @property
    def text(self) -> str:
        """The code as printed, groups joined by hyphens."""
        return "-".join(self.groups)


def new_recovery_code() -> RecoveryCode:
    """A fresh code from the system's randomness."""
    return RecoveryCode(os.urandom(SECRET_BYTES))


def parse_recovery_code(text: str) -> RecoveryCode:
    """Read a typed code, whatever its case, spaces, hyphens, full-width forms and look-alikes.

    Raises:
        BadInput: ``recovery_code_length`` (``got`` and ``want`` characters, ``groups`` of a wrong length when
            the text was typed in groups) or ``recovery_code_group`` (``groups``: which ones, from 1).
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    pieces = [piece for piece in _SEPARATORS.split(folded) if piece]
    whole = "".join(pieces)
    if len(whole) != GROUPS * GROUP_LENGTH:
        short = (
            [i + 1 for i, p in enumerate(pieces) if len(p) != GROUP_LENGTH] if len(pieces) == GROUPS else []
        )
        raise BadInput("recovery_code_length", got=len(whole), want=GROUPS * GROUP_LENGTH, groups=short)
    values: list[int] = []
    wrong: list[int] = []
    for index in range(GROUPS):
        found = _read_group(index, whole[index * GROUP_LENGTH : (index + 1) * GROUP_LENGTH])
        if found is None:
            wrong.append(index + 1)
        else:
            values.extend(found)
    if wrong:
        raise BadInput("recovery_code_group", groups=wrong)
    number = 0
    for value in values:
        number = number << 5 | value
    return RecoveryCode(number.to_bytes(SECRET_BYTES, "big"))


def check_groups(typed: str) -> list[bool]:
    """For every finished group of a code as far as it was typed: does its own check hold?"""
    folded = unicodedata.normalize("NFKC", typed).upper()
    whole = _SEPARATORS.sub("", folded)[: GROUPS * GROUP_LENGTH]
    parts = [whole[i : i + GROUP_LENGTH] for i in range(0, len(whole), GROUP_LENGTH)]
    return [_read_group(n, part) is not None for n, part in enumerate(parts) if len(part) == GROUP_LENGTH]


def _group(index: int, symbols: list[int]) -> str:
    return "".join(ALPHABET[s] for s in [*symbols, _check(index, symbols)])


def _check(index: int, symbols: list[int]) -> int:
    """Sum of symbol times 2, 4, 8, 16 in GF(32), plus the number of the group."""
    total = index + 1
    for place, symbol in enumerate(symbols, start=1):
        total ^= _times_two(symbol, place)
    return total


def _times_two(value: int, times: int) -> int:
    """Multiply by x that many times in GF(2)[x] modulo x^5 + x^2 + 1."""
    for _ in range(times):
        value <<= 1
        if value & 32:
            value ^= 0b100101
    return value


def _read_group(index: int, text: str) -> list[int] | None:
    """The four data symbols, or None when the check says no (or two readings would pass)."""
    readings = [""]
    for character in text:
        choices = _ROUND.get(character) or _ALIKE.get(character) or character
        readings = [r + c for r in readings for c in choices]
    found: list[list[int]] = []
    for reading in readings:
        if all(c in _VALUE for c in reading):
            values = [_VALUE[c] for c in reading]
            if _check(index, values[:4]) == values[4]:
                found.append(values[:4])
    return found[0] if len(found) == 1 else None
