"""What became of a question in a file while somebody was typing about it."""

from __future__ import annotations

from jobdesk.cases.state import FieldState, RecordKey
from jobdesk.host.strings import text
from jobdesk.services.conflict_log import Decisions
from jobdesk.ui.case_words import Words, t

NOBODY_KNOWS = "gone_somehow"


def gone_words(key: str = NOBODY_KNOWS, **params: str) -> str:
    """With what can be done now."""
    return text(f"conflicts.{key}", **params) + text("conflicts.gone_then")


def said_by(found: Decisions, record: RecordKey, name: str, held: FieldState, words: Words, me: str) -> str:
    """Who has settled it and when; empty where no decision tells.

    Args:
        held: the field while it was in question; me: who sits here.
    """
    newest = max((h.stamp.ms for h in held.heads), default=0)
    mine = (d for d in found.lines if (d.record, d.field) == (record, name) and not d.undone)
    one = next((d for d in mine if d.at_ms >= newest), None)
    if one is None:
        return ""
    known = found.names.staff.get(one.by) or found.names.above.get(one.by) or t("unknown_staff")
    who = text("conflicts.you") if one.by == me else known
    return gone_words("gone_by_whom", who=who, when=words.moment(one.at_ms))
