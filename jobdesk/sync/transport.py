"""What carries a request to the server and its answer back: a line, or a simulated one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from jobdesk.cases.errors import Trouble


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it came. Names of headers are lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Transport(Protocol):
    """One server. Safe to use from one thread at a time."""

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Ask once.

        Raises:
            Trouble: ``no_line`` (see ``no_line``): whether the server did anything is not known.
        """
        ...


def no_line(what: str) -> Trouble:
    """There is no line, or it broke; ``what`` is for the log only."""
    return Trouble("no_line", what=what)
