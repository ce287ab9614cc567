"""Ending help with a reason, taking it up again, and taking back what was entered by mistake."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Kind
from jobdesk.cases.state import SubjectState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change
from jobdesk.store.station_file import Changes


def end_help(
    desk: Desk, loaded: SubjectState, reason: str, note: str = "", on: str | None = None
) -> Future[Changes]:
    """结束帮扶: the file stays and can be taken up again; recognitions and subsidies are not touched.

    Raises:
        Refused: without a reason.
    """
    if not reason:
        raise Refused("end_needs_reason")
    values: dict[str, Json] = {
        "help_state": "ended", "help_reason": reason, "help_note": note or None,
        "help_changed_on": on or desk.today.isoformat(), "next_contact": None, "next_contact_reason": None,
    }  # fmt: skip
    op = change(loaded.subject, loaded.root, values, kind=Kind.HELP_ENDED, reason=reason)
    return desk.act([op] if op else [])


def resume_help(desk: Desk, loaded: SubjectState, note: str = "", on: str | None = None) -> Future[Changes]:
    """重新纳入: the same file is open again."""
    values: dict[str, Json] = {
        "help_state": "open", "help_reason": None, "help_note": note or None,
        "help_changed_on": on or desk.today.isoformat(),
    }  # fmt: skip
    op = change(loaded.subject, loaded.root, values, kind=Kind.HELP_RESUMED, reason=note or None)
    return desk.act([op] if op else [])
