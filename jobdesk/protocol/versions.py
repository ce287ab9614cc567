"""Which versions of the protocol two sides speak with each other (M-1.2, M-1.3)."""

from __future__ import annotations

from collections.abc import Collection

_KEPT = 2
"""Versions before the newest that both sides keep speaking."""
_FOR_EVER = ("/v1/push", "/v1/carried")
"""What somebody saved is taken from every version that was ever shipped, also in a file."""


def kept(newest: int) -> tuple[int, ...]:
    """The newest version and the two before it."""
    return tuple(range(max(1, newest - _KEPT), newest + 1))


def common(ours: Collection[int], theirs: Collection[int]) -> int | None:
    """The newest that both speak."""
    return max(set(ours) & set(theirs), default=None)


def is_answered(said: str, path: str, spoken: Collection[int]) -> bool:
    """Whether a server that speaks these answers a request of the version it says; a push of an older one
    always. ``said`` is the header as it came.
    """
    if not (said.isascii() and said.isdigit()) or len(said) > 9:
        return False
    version = int(said)
    return version in spoken or (path in _FOR_EVER and 1 <= version < min(spoken))
