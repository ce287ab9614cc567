"""Month sheets with whole numbers: allowed unless the station forbids it, and written down first."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Literal

from jobdesk.cases.errors import Refused
from jobdesk.services.desk import Desk
from jobdesk.services.revealing import log_look
from jobdesk.services.settings import FORBID_UNMASKED, station_settings

SHEETS = "month_sheets"
"""What the access log calls them."""


def allow_unmasked(
    desk: Desk, count: int, reason: str, way: Literal["reveal", "print", "export"] = "reveal"
) -> Future[None]:
    """Write down who sees, prints or takes out how many people's whole numbers, and why.

    Raises (in the future):
        Refused: ``unmasked_reason_needed``; ``unmasked_forbidden`` by a setting of the station.
    """

    def job() -> None:
        if not reason.strip():
            raise Refused("unmasked_reason_needed")
        if desk.read(lambda con: station_settings(con, desk)).result().get(FORBID_UNMASKED) is True:
            raise Refused("unmasked_forbidden")
        log_look(desk, way, field=SHEETS, count=count, reason=reason.strip()).result()

    return desk.file.work.aside(job)


def log_paper(desk: Desk, count: int, way: Literal["print", "export"]) -> Future[None]:
    """Write down that masked sheets were printed or saved."""
    return log_look(desk, way, field=SHEETS, count=count)
