"""What is being typed is kept every few seconds, and is back after a kill."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.ops import Json
from jobdesk.services.desk import Desk
from jobdesk.store import local, reads
from jobdesk.store.local import Draft
from jobdesk.store.station_file import Writing


def keep_draft(desk: Desk, key: str, body: Mapping[str, Json]) -> Future[None]:
    """Keep a form as it stands; ``body`` holds its values and the bases it was loaded with.

    Nothing is kept of whoever is erased: a form that still lies open when the word comes would bring it back.
    """

    def job(w: Writing) -> None:
        if not any(reads.is_erased(w.con, part) for part in key.split("/")):
            local.save_draft(w.con, Draft(key, desk.actor, w.clock.now_ms(), dict(body)))

    return desk.write(job)


def drop_draft(desk: Desk, key: str) -> Future[None]:
    """The form was saved or thrown away."""
    return desk.write(lambda w: local.drop_draft(w.con, key))


def drafts_left(desk: Desk, prefix: str) -> Future[list[Draft]]:
    """The same, behind what is being kept at this moment: for a place somebody comes straight back to."""
    return desk.write(lambda w: local.drafts(w.con, prefix))


def drafts_about(desk: Desk, subject_id: str) -> Future[list[Draft]]:
    """Whatever is being typed about one person or household, in any form; behind what is being kept now."""
    return desk.write(lambda w: [d for d in local.drafts(w.con) if subject_id in d.key.split("/")])


def find_drafts(desk: Desk, prefix: str = "") -> Future[list[Draft]]:
    """Drafts by key, newest first."""
    return desk.read(lambda con: local.drafts(con, prefix))
