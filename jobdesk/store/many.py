"""Asking for many at once: a statement takes a limited number of values, so they go in parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
TOGETHER = 500
"""Values in one statement: SQLite takes 32,766, a page of a list is 128."""


def in_parts(values: Iterable[T]) -> Iterator[tuple[str, list[T]]]:
    """``(marks, part)`` for ``… IN ({marks})``, in the order given; nothing where there is nothing to ask."""
    wanted = list(values)
    for start in range(0, len(wanted), TOGETHER):
        part = wanted[start : start + TOGETHER]
        yield ",".join("?" * len(part)), part
