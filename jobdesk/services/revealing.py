"""Looking behind the mask: allowed, and written down first."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.services.desk import Desk
from jobdesk.store import local
from jobdesk.store.station_file import Writing


def log_look(
    desk: Desk, what: str, *, subject_id: str = "", field: str = "", count: int = 1, reason: str = ""
) -> Future[None]:
    """Write a look, an unmasked export or print into the access log.

    Args:
        what: ``reveal``, ``export``, ``print``, ``list``, ``damaged_id``.
        count: people whose values were seen.
    """

    def job(w: Writing) -> None:
        local.log_access(
            w.con, local.Access(w.clock.now_ms(), desk.actor, what, subject_id, field, count, reason)
        )

    return desk.write(job)
