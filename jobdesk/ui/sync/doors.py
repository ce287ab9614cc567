"""What waits for a person, and where each is dealt with. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobdesk.store.sync_told import Counts, Notice
from jobdesk.ui.sync.notices_state import moves_among, plain_ones
from jobdesk.ui.sync.state import t


@dataclass(frozen=True, slots=True)
class Door:
    """A line with its number and the place it leads to."""

    key: str
    number: int
    place: str
    part: str = ""

    @property
    def name(self) -> str:
        return t(f"door_{self.key}")

    @property
    def note(self) -> str:
        return t(f"door_{self.key}_note")


def doors(counts: Counts, unseen: Sequence[Notice]) -> tuple[Door, ...]:
    """Those where something waits, the most urgent first."""
    found = (
        Door("conflicts", counts.conflicts, "conflicts", "waits"),
        Door("moves", len(moves_among(unseen)), "moves"),
        Door("apart", counts.apart, "sync", "apart"),
        Door("notices", len(plain_ones(unseen)), "sync", "notices"),
    )
    return tuple(door for door in found if door.number)
