"""Whose name a household bears, and in which order its members stand: one rule for every page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jobdesk.cases.facts import Rec
from jobdesk.cases.state import RecordState

_ORDER = ("head", "spouse", "son", "daughter", "child_in_law", "father", "mother", "parent_in_law")


def place(member: Rec | RecordState) -> tuple[int, int, str]:
    """The head first, then spouse, children, parents, others; the elder first."""
    relation = member.text("relation")
    year = member.values.get("birth_year") if isinstance(member, Rec) else member.get("birth_year")
    at = _ORDER.index(relation) if relation in _ORDER else len(_ORDER)
    return at, year if isinstance(year, int) else 0, member.id


def head_name(typed: str, members: Iterable[Rec | RecordState], names: Mapping[str, str]) -> str:
    """The head as typed, else the first member who did not leave and has a name; empty where nobody has.

    Args:
        names: of members by their file; what is typed in the member's line counts where that has none.
    """
    if typed:
        return typed
    staying = sorted((m for m in members if not m.text("until")), key=place)
    return next((n for m in staying if (n := names.get(m.text("case"), "") or m.text("name"))), "")
