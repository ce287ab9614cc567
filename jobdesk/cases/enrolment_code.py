"""The enrolment code a station is given by its county: sixteen characters, the last two of them a check.

Crockford's alphabet (no I, L, O, U), written in four groups of four. Fourteen characters carry 70 random
bits; the last two are those bits modulo 1021. A prime just below 32², so that one wrong character and two
characters swapped anywhere are always seen (own choice). The code is a secret until it was used once.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from jobdesk.cases.errors import BadInput

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4
SECRET_BITS = 70
_CHECK = 2
_PRIME = 1021
_SEPARATORS = re.compile(r"[\s\-_.·‐-―－—]+")
_ALIKE = str.maketrans("ILO", "110")
_VALUE = {character: value for value, character in enumerate(ALPHABET)}


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """A code whose check holds. Whether the server knows it, only the server says.

    Attributes:
        secret: the 70 bits; never shown by ``repr``.
    """

    secret: int = field(repr=False)

    @property
    def text(self) -> str:
        """As written on paper: four groups with hyphens."""
        whole = _symbols(self.secret, LENGTH - _CHECK) + _symbols(self.secret % _PRIME, _CHECK)
        return "-".join(whole[i : i + GROUP] for i in range(0, LENGTH, GROUP))

    @property
    def masked(self) -> str:
        """For screens and logs: the last group only."""
        return f"****-****-****-{self.text[-GROUP:]}"


def enrolment_code(random: bytes) -> EnrolmentCode:
    """The code of nine or more random bytes; what is beyond 70 bits is not used."""
    if len(random) * 8 < SECRET_BITS:
        raise ValueError("too few random bytes")
    return EnrolmentCode(int.from_bytes(random, "big") & ((1 << SECRET_BITS) - 1))


def parse_enrolment_code(text: str) -> EnrolmentCode:
    """Read a typed code, whatever its case, width, separators and look-alikes (I, L, O).

    Raises:
        BadInput: ``enrolment_code_length`` (``got``, ``want``), ``enrolment_code_character`` (``groups``:
            which groups hold one that cannot be, from 1), ``enrolment_code_check``. Never the code itself.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    whole = _SEPARATORS.sub("", folded).translate(_ALIKE)
    if len(whole) != LENGTH:
        raise BadInput("enrolment_code_length", got=len(whole), want=LENGTH)
    strange = sorted({i // GROUP + 1 for i, c in enumerate(whole) if c not in _VALUE})
    if strange:
        raise BadInput("enrolment_code_character", groups="、".join(map(str, strange)))
    number = 0
    for character in whole:
        number = number << 5 | _VALUE[character]
    secret, check = number >> 10, number & 1023
    if secret % _PRIME != check:
        raise BadInput("enrolment_code_check")
    return EnrolmentCode(secret)


def _symbols(value: int, count: int) -> str:
    return "".join(ALPHABET[value >> shift & 31] for shift in range((count - 1) * 5, -1, -5))
