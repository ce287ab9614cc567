"""What the program fails at is about one subject only: noted without a word of anybody, and the others go on.

A page of others' operations, 今日 and the lists hold many people: a fault of ours over one file must not take
them all away. Its operations and records stand, its line says that it could not be worked out, and the next
refold (every save of the file, another program: ``store.tried_again``) tries again.
"""

from __future__ import annotations

import contextlib
import logging
import traceback
from collections.abc import Generator

FAILED_FACT = "unworkable_by"
"""Fact of the file: the program that last could not work out somebody's line."""
_log = logging.getLogger(__name__)


class Unworkable:
    """Whether the attempt failed."""

    failed = False


@contextlib.contextmanager
def attempt(what: str, subject_id: str) -> Generator[Unworkable]:
    """Whatever the body raises is noted by kind and place: its words may hold what stands in the file."""
    found = Unworkable()
    try:
        yield found
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is about this one alone
        found.failed = True
        last = traceback.extract_tb(error.__traceback__)[-1]
        _log.error(
            "%s of %s could not be worked out: %s at %s:%s", what, subject_id, type(error).__name__,
            last.filename.replace("\\", "/").rpartition("/")[2], last.lineno,
        )  # fmt: skip
