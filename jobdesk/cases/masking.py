"""What stays of a number on lists, paper and exports that leave the station."""

from __future__ import annotations

_STAR = "*"
_ID_LENGTHS = (15, 18)
_PHONE_LENGTH = 11


def mask_id(number: str) -> str:
    """Region and last four stay: ``220102********1234``; a 15-digit number keeps the same ends.

    Anything that is not such a number keeps at most a third of itself.
    """
    if len(number) in _ID_LENGTHS:
        return number[:6] + _STAR * (len(number) - 10) + number[-4:]
    return mask_other(number)


def mask_phone(number: str) -> str:
    """``138****5678`` for a mobile number; a third at most of anything else (a landline, two numbers)."""
    if len(number) == _PHONE_LENGTH and number.isdecimal() and number.startswith("1"):
        return number[:3] + _STAR * 4 + number[-4:]
    return mask_other(number)


def mask_birth(value: str) -> str:
    """``1980-**-**``: the year stays, as in an age. The day beside a masked ID number would give that number.

    However a sheet spells it (``1980.4.26``, ``19800426``), every digit after the year goes; where no year
    stands in front (``29337``, ``4/26/1980``) every digit does.
    """
    year = value[:2] in ("19", "20") and value[:4].isdecimal()
    kept = 4 if year and (len(value) == 8 or not value[4:5].isdecimal()) else 0
    return value[:kept] + "".join(_STAR if c.isdigit() else c for c in value[kept:])


def mask_other(value: str) -> str:
    """The length stays and the last third (rounded down, four characters at most) is shown."""
    shown = min(len(value) // 3, 4)
    return _STAR * (len(value) - shown) + value[len(value) - shown :]


def mask_name(name: str) -> str:
    """The first character stays: ``王**``. What another station sees before it has the file."""
    return name[:1] + _STAR * (len(name) - 1)
