"""The day that 今日 is made for: the machine's, unless it is in doubt; then the last one, and it is said."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import date

from jobdesk.cases.clock import local_date
from jobdesk.cases.day_doubt import DayDoubt, day_doubt
from jobdesk.cases.figures import Figures
from jobdesk.services.desk import Desk
from jobdesk.store import local, reads
from jobdesk.store.log import Connection


def doubt_of(con: Connection, desk: Desk, figures: Figures) -> DayDoubt | None:
    """What is doubtful about today's date."""
    return day_doubt(desk.today, _last(con), figures.value("clock_ahead_days", 90))


def _last(con: Connection) -> date | None:
    """The last day believed; before any was, the day of the last operation."""
    kept = local.settings(con).get(local.LAST_DAY)
    if kept:
        return date.fromisoformat(kept)
    newest = reads.last_stamp(con)
    return local_date(newest) if newest else None


def believe_today(desk: Desk) -> Future[None]:
    """The machine's date is right: from here on it is the last day in use, even where it lies before."""
    day = desk.today.isoformat()
    return desk.write(lambda w: local.set_setting(w.con, local.LAST_DAY, day))


def is_worth_keeping(con: Connection, desk: Desk) -> bool:
    """Whether the day in use has moved since it was last kept."""
    return local.settings(con).get(local.LAST_DAY) != desk.today.isoformat()
