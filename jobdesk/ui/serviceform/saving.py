"""Around the saving of a service: what is missing, what is said afterwards, how it is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.figures import Figures
from jobdesk.cases.problem import Problem, block
from jobdesk.cases.problems import problems_of
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.serving import Served
from jobdesk.services.undoing import undo_action
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed, Notice
from jobdesk.ui.serviceform.state import Typed


def problems(typed: Typed, others: CaseFacts, today: date, figures: Figures) -> list[Problem]:
    """Problems of what is typed, those of this form first; ``others``: what the file says besides."""
    found: list[Problem] = []
    if not typed.values.get("channel"):
        found.append(block("channel_missing", "channel"))
    if typed.values.get("type") and not typed.values.get("outcome"):
        found.append(block("outcome_missing", "outcome"))
    values = {**typed.values, **({"next_contact": typed.next_on} if typed.next_on else {})}
    return found + problems_of("service", values, today, figures, others=others)


def said(typed: Typed, who: str) -> str:
    """The words of the notice once it stands; ``who``: whose form it was."""
    what = code_lists.table("service_type").name_of(str(typed.values.get("type") or ""))
    if len(typed.people) > 1:
        return text("service.saved_many", count=len(typed.people), what=what)
    return text("service.saved_attempt" if typed.is_attempt else "service.saved", who=who, what=what)


def away_words(served: Served) -> str:
    """That whom it is about has moved away, and what becomes of the record; empty where nobody has."""
    if not served.away:
        return ""
    stations = "、".join(dict.fromkeys(served.away.values()))
    if len(served.services) == 1:
        return text("service.saved_away", station=stations)
    return text("service.saved_away_many", count=len(served.away), station=stations)


def tell(ctx: Context, served: Served, words: str) -> None:
    """Tell the screens what was touched, and the clerk, who can take it back."""
    for changes in served.changes:
        touched = frozenset(s.id for s in changes.subjects)
        ctx.hub.changed.emit(Changed(touched, action_id=changes.action_id))
    actions = [changes.action_id for changes in served.changes]
    ctx.hub.notice.emit(Notice(words + away_words(served), lambda: _undo(ctx, actions)))


def _undo(ctx: Context, actions: Sequence[str]) -> None:
    if len(actions) == 1:
        ctx.undo(actions[0])
        return
    for action in reversed(actions):
        ctx.ask(
            undo_action(ctx.desk, action),
            ctx,
            lambda u: ctx.hub.changed.emit(Changed(frozenset(s.id for s in u.changes.subjects))),
        )
    ctx.hub.notice.emit(Notice(text("undo.done")))
