"""How much of one machine may wait apart (M-3.4): what a thief or a broken program leaves has an end."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, Integer, func, select

from jobdesk.protocol.codes import KEPT_APART, ErrorCode
from province.db import tables as t
from province.db.writing import among
from province.refusing import Refused

MOST_APART = 100_000
"""Operations of a machine that wait for a person or an upgrade (own figure): a large station's whole life."""
_PART = 4096
"""Bytes of a line that count as one operation more: the bound is one of the disk too."""
_TIES = 8
"""Others with which a line goes on that count as one operation more: each is a row by which it is found."""
_RETRY_S = 3600
"""Own figure: a person has to come before there is room."""
_SURE_MS = 60_000
_MACHINES = 10_000
_WAITS = t.quarantine.c.settled_ms.is_(None)
_LENGTH = func.length(t.quarantine.c.line, type_=Integer)
_MORE = (_LENGTH - 1) // _PART + t.quarantine.c.ties // _TIES  # whole ones: a line up to _PART is one
_OPERATIONS = func.count() + func.coalesce(func.sum(_MORE), 0)


@dataclass(slots=True)
class Bound:
    """Of one process. It remembers for a minute who stood at the bound: to count is work, and a machine there
    may ask as often as any.

    Attributes:
        most: operations; see ``_PART`` for long ones.
    """

    most: int = MOST_APART
    _met: dict[str, int] = field(default_factory=dict[str, int])

    def check(self, con: Connection, device: str, now_ms: int) -> None:
        """Before more of this machine is kept apart; in a wide scope. One push may go over it.

        Raises:
            Refused: ``busy``, with ``kept_apart`` as detail.
        """
        met = self._met.get(device)
        if met is None or abs(now_ms - met) > _SURE_MS:
            self._met.pop(device, None)
            if not full(con, self.most, [device]):
                return
            if len(self._met) >= _MACHINES:
                self._met.clear()
            self._met[device] = now_ms
        raise Refused(ErrorCode.BUSY, detail=KEPT_APART, retry_after_s=_RETRY_S)


def full(con: Connection, most: int, devices: Collection[str] | None = None) -> set[str]:
    """Machines, of these or of all, that leave nothing more apart until something is decided."""
    query = select(t.quarantine.c.device).where(_WAITS).group_by(t.quarantine.c.device)
    if devices is not None:
        query = query.where(among(con, t.quarantine.c.device, devices))
    return set(con.execute(query.having(most <= _OPERATIONS)).scalars())


def waiting(con: Connection) -> int:
    """Operations that wait, of all machines."""
    return int(con.execute(select(func.count()).select_from(t.quarantine).where(_WAITS)).scalar_one())
