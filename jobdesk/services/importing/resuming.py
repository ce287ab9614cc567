"""An import that was cut off is finished, or taken back, before anything else answers."""

from __future__ import annotations

from jobdesk.services.desk import Desk
from jobdesk.services.importing.applying import Progress, run
from jobdesk.services.importing.undo import take_back
from jobdesk.store import import_lookups as lookups


def has_unfinished(desk: Desk) -> bool:
    """Whether an import was cut off. Blocks for a moment."""
    return bool(desk.read(lookups.running_imports).result())


def finish_imports(desk: Desk, progress: Progress | None = None) -> list[str]:
    """Bring every import that was cut off to its end; returns their ids. Blocks.

    One that was being cancelled or undone is taken back; every other is applied to the end: the person
    had agreed to it, and its plan is kept with the station.
    """
    finished: list[str] = []
    for running in desk.read(lookups.running_imports).result():
        there = desk.as_actor(running.actor)
        if running.done == lookups.TAKING_BACK:
            take_back(there, running.import_id, progress)
        else:
            body = desk.read(lambda con, i=running.import_id: lookups.plan_body(con, i)).result()
            run(there, running, body, progress)
        finished.append(running.import_id)
    return finished
