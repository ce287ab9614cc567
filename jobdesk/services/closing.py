"""Ending help with a reason, taking it up again, and taking back what was entered by mistake."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import date

from jobdesk.cases.due import NO_PACKS, day_of
from jobdesk.cases.errors import Refused
from jobdesk.cases.facts import facts_of
from jobdesk.cases.leaving import NO_CONTACT
from jobdesk.cases.ops import Json, Kind
from jobdesk.cases.rules.facts_hardship import unreachable_agreed
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.state import SubjectState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change
from jobdesk.store.station_file import Changes


def end_help(
    desk: Desk, loaded: SubjectState, reason: str, note: str = "", on: str | None = None
) -> Future[Changes]:
    """结束帮扶: the file stays and can be taken up again; recognitions and subsidies are not touched.

    Raises:
        Refused: without a reason; ``end_needs_agreement``, 无法联系 without the supervisor's agreement
            (three attempts on different days, one of them a visit: ``recognition.leaving_recognition``).
    """
    if not reason:
        raise Refused("end_needs_reason")
    if reason == NO_CONTACT and not _agreed(loaded, on or desk.today.isoformat()):
        raise Refused("end_needs_agreement")
    values: dict[str, Json] = {
        "help_state": "ended", "help_reason": reason, "help_note": note or None,
        "help_changed_on": on or desk.today.isoformat(), "next_contact": None, "next_contact_reason": None,
    }  # fmt: skip
    op = change(loaded.subject, loaded.root, values, kind=Kind.HELP_ENDED, reason=reason)
    return desk.act([op] if op else [])


def _agreed(loaded: SubjectState, on: str) -> bool:
    """Whether the supervisor's agreement stands on the day: nobody was reached since."""
    at = Situation(facts_of(loaded), day_of(on) or date.max, NO_PACKS)
    return unreachable_agreed(at).value is True


def resume_help(desk: Desk, loaded: SubjectState, note: str = "", on: str | None = None) -> Future[Changes]:
    """重新纳入: the same file is open again."""
    values: dict[str, Json] = {
        "help_state": "open", "help_reason": None, "help_note": note or None,
        "help_changed_on": on or desk.today.isoformat(),
    }  # fmt: skip
    op = change(loaded.subject, loaded.root, values, kind=Kind.HELP_RESUMED, reason=note or None)
    return desk.act([op] if op else [])
