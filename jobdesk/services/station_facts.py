"""The station's own name and place, changed with their history."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases.errors import Refused
from jobdesk.cases.history import history
from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.host.restricted import restricting
from jobdesk.services.desk import Desk
from jobdesk.services.editing import save_record
from jobdesk.services.places import place_of
from jobdesk.store import log, reads, sync_facts, sync_state
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes

FIELDS = ("name", "region", "village", "supervision_phone")
"""What the page tells the history of; the code goes with the region."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """A value that stood until somebody changed it.

    Attributes:
        at_ms: when, by the clock of who changed it; ``actor`` is a staff id.
        before, after: as text; empty for blank.
    """

    at_ms: int
    actor: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StationFacts:
    """Name and place, and how they changed, newest first.

    Attributes:
        loaded: the record as it stands; a form hands it back when it saves.
        told: what the server calls the unit that this PC was enrolled for; empty before it was.
    """

    loaded: RecordState
    changes: tuple[Renamed, ...]
    told: str = ""


def station_facts(con: Connection, desk: Desk) -> StationFacts:
    """As it stands, on a reader's connection."""
    state = reads.subject_state(con, desk.station)
    told = history(log.ops_of_subject(con, desk.station.id), restricting(), desk.station)
    found = [
        Renamed(entry.at, entry.actor, c.field, _said(c.old[0] if c.old else None), _said(c.new))
        for entry in told
        if entry.record == (desk.station.kind, desk.station.id)
        for c in entry.changes
        if c.field in FIELDS and not c.undone
    ]
    facts = sync_facts.all_facts(con)
    named = sync_state.unit_name(con, facts) if "device" in facts else ""
    return StationFacts(state.root, tuple(found), named)


def load_station_facts(desk: Desk) -> Future[StationFacts]:
    """The same, asked from a screen."""
    return desk.read(lambda con: station_facts(con, desk))


def _said(value: Json) -> str:
    return value if isinstance(value, str) else ""


def change_station(
    desk: Desk, loaded: RecordState, name: str, place_code: str | None, village: str,
    supervision_phone: str | None = None,
) -> Future[Changes]:  # fmt: skip
    """Another name or place; the former ones stay in the history.

    Args:
        place_code: county or township; None leaves the place as it is.
        supervision_phone: 监督电话 of a 公示; None leaves it as it is.

    Raises:
        Refused: ``station_name_needed`` or ``place_unknown``.
    """
    if not name.strip():
        raise Refused("station_name_needed")
    values: dict[str, Json] = {"name": name.strip(), "village": village.strip() or None}
    if supervision_phone is not None:
        values["supervision_phone"] = supervision_phone.strip() or None
    if place_code is not None:
        found = place_of(place_code)
        if found is None:
            raise Refused("place_unknown", place=place_code)
        values |= {"code": place_code, "region": found.full_name}
    return save_record(desk, desk.station, loaded, values)
