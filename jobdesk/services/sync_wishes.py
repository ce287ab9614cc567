"""How this machine wants to exchange: the few wishes of a person, kept in the station file and never sent."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Literal

from jobdesk.services.desk import Desk
from jobdesk.store import sync_facts

LineWish = Literal["system", "always", "go"]
"""Whether the line is taken for one that is paid by volume: as the system says, yes (where the system cannot
tell: a phone's hotspot over a cable, a satellite modem), or never mind."""


def line_wish(desk: Desk) -> Future[LineWish]:
    """What somebody said about the line of this machine; ``system`` before that."""

    def job(con: sync_facts.Connection) -> LineWish:
        said = sync_facts.get(con, "on_metered")
        return "go" if said == "go" else "always" if said == "always" else "system"

    return desk.read(job)


def wish_for_line(desk: Desk, wish: LineWish) -> Future[None]:
    """Spare a line that is paid by volume (once a day, and when somebody asks), or go on as on any other."""
    return desk.write(lambda w: sync_facts.put(w.con, "on_metered", "" if wish == "system" else wish))


def stick_folder(desk: Desk) -> Future[str]:
    """Where files of an exchange without a line were last put or found; empty before the first one."""
    return desk.read(lambda con: sync_facts.get(con, "stick_folder"))


def keep_stick_folder(desk: Desk, folder: str) -> Future[None]:
    """Begin there the next time."""
    return desk.write(lambda w: sync_facts.put(w.con, "stick_folder", folder))
