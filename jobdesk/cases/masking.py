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


def mask_other(value: str) -> str:
    """The length stays and the last third (rounded down, four characters at most) is shown."""
    shown = min(len(value) // 3, 4)
    return _STAR * (len(value) - shown) + value[len(value) - shown :]


def mask_name(name: str) -> str:
    """The first character stays: ``王**``. What another station sees before it has the file."""
    return name[:1] + _STAR * (len(name) - 1)
