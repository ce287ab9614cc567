"""Where something was written: at which computer of which station, as far as that can be known.

A computer that was restored, or took the place of a copy of itself, goes on in another life of its file. Of
this file its lives are known; of others only what they wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jobdesk.store import sync_facts
from jobdesk.store.lives import Life, lives
from jobdesk.store.log import Connection
from jobdesk.store.whose import Whose


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written.

    Attributes:
        station: its name; empty for the own one and where nobody can say.
        number: of the computer among those of its station, by who wrote first; 0 where nobody can say: a life
            that began when another had ended may be the same computer after a restore.
        own: this very computer. above: a desk over the station. elsewhere: one of the station that a person
            came from. unsure: nothing here tells for certain where it stands.
    """

    station: str = ""
    number: int = 0
    own: bool = False
    above: bool = False
    elsewhere: bool = False
    unsure: bool = False


class _Numbers:
    """Of the computers of each station, given as long as they are certain: later none is another's."""

    def __init__(self, own: list[Life]) -> None:
        self._own = own
        self._mine: int | None = None
        self._given: dict[str, int] = {}
        self._vague: set[str] = set()
        self._others: dict[str, list[Life]] = {}

    def of(self, station: str, life: Life) -> int:
        if life.own:
            if self._mine is None:
                self._mine = self._next(station)
            return self._mine
        before = self._others.setdefault(station, [])
        if not all(life.is_apart_from(one) for one in before) or self._may_be_mine(life):
            self._vague.add(station)
        before.append(life)
        return self._next(station)

    def _may_be_mine(self, life: Life) -> bool:
        """A backup knows nothing of a life that began after it."""
        return len(self._own) > 1 and not any(life.is_apart_from(one) for one in self._own)

    def _next(self, station: str) -> int:
        if station in self._vague:
            return 0
        self._given[station] = self._given.get(station, 0) + 1
        return self._given[station]


def places_of(con: Connection, streams: Mapping[str, str]) -> dict[str, Place]:
    """Where each life of a file writes; ``streams``: names of stations."""
    told = lives(con)
    mine = sync_facts.get(con, "station")
    numbers = _Numbers([life for life in told if life.own])
    found: dict[str, Place] = {}
    for life in told:
        if life.whose is not Whose.STATION:
            above, elsewhere = life.whose is Whose.ABOVE, life.whose is Whose.ELSEWHERE
            found[life.replica] = Place(above=above, elsewhere=elsewhere, unsure=not (above or elsewhere))
            continue
        station = life.station if life.station != mine else ""
        number = numbers.of(station, life) if life.whole else 0
        found[life.replica] = Place(streams.get(station, ""), number, life.own)
    return found
