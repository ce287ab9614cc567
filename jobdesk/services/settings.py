"""Settings: those of the station (operations: every PC of it agrees) and those of this PC."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.cases.ops import Json
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change, opening
from jobdesk.store import reads
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes, Writing

STEPS_TEMPLATE = "steps_template"
"""Id of the 1311 template in use; empty for the shipped default."""
STEPS_COUNTING = "steps_counting"
"""What a record must show to count for any step: offered, joined, completed; empty: as the template says."""
STEPS_CIRCLES = "steps_circles"
"""Codes of circles the template is opened to besides its own."""
FIGURE = "figure."
"""Before the key of an own figure; its value is a whole number, None gives the shipped one back."""
FORBID_UNMASKED = "forbid_unmasked"
"""True: no list, export or print leaves the program unmasked."""
HOUSEHOLD_DEADLINE = "household_deadline"
"""By which way of counting a household's deadline is found; empty: as the pack says (待确认)."""
SHEET_PERSON_SIGNS = "sheet_person_signs"
"""Whether the month's sheet has a block for the person's own signature."""


def station_settings(con: Connection, desk: Desk) -> dict[str, Json]:
    """What the station has set, by key; of two settings of one key the later opened counts."""
    state = reads.subject_state(con, desk.station)
    return {r.text("key"): r.get("value") for r in state.of("setting")}


def set_station_setting(desk: Desk, key: str, value: Json) -> Future[Changes]:
    """Set something for the whole station."""

    def job(w: Writing) -> Changes:
        state = reads.subject_state(w.con, desk.station)
        held = next((r for r in reversed(state.of("setting")) if r.text("key") == key), None)
        if held is None:
            op = opening(desk.station, "setting", w.new_id(), {"key": key, "value": value})
        else:
            op = change(desk.station, held, {"value": value})
        return w.append(desk.actor, [op] if op else [])

    return desk.write(job)
