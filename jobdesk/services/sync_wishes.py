"""How this machine wants to exchange: the few wishes of a person, kept in the station file and never sent."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.services.desk import Desk
from jobdesk.store import sync_facts


def pauses_on_metered(desk: Desk) -> Future[bool]:
    """Whether a line that is paid by volume is spared: once a day, and when somebody asks. Usually so."""
    return desk.read(lambda con: sync_facts.get(con, "on_metered") != "go")


def pause_on_metered(desk: Desk, wanted: bool) -> Future[None]:
    """Spare such lines, or go on as on any other."""
    return desk.write(lambda w: sync_facts.put(w.con, "on_metered", "" if wanted else "go"))
