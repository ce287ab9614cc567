"""Work that PostgreSQL ended so that another transaction could go on: nothing of it was done, and it is done
anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError

_T = TypeVar("_T")
_TRIES = 6
_CLASHES = ("40P01", "40001")
"""SQLSTATE of a deadlock, of a serialization failure."""


def clashed(fault: DBAPIError) -> bool:
    """Whether it was ended for another one: nothing is wrong."""
    return getattr(fault.orig, "sqlstate", "") in _CLASHES


def begun_anew(work: Callable[[], _T]) -> _T:
    """What ``work`` comes to, which makes a transaction of its own each time.

    Raises:
        OperationalError: it clashed at every try, or the database is away.
    """
    for _ in range(_TRIES - 1):
        try:
            return work()
        except OperationalError as fault:
            if not clashed(fault):
                raise
    return work()
