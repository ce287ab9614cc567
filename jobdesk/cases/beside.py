"""What files that were merged into another one hold of its fields. Each file keeps its own: nothing here
decides which value counts, a person does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState, SubjectState

_OF_ONE_FILE = frozenset({
    "tier", "tier_reason", "opened_on", "next_contact", "next_contact_reason", "last_contact",
    "first_round_on",
})  # fmt: skip
"""How one file was worked with; the other's says nothing of the person."""
_ONE_SERVES = frozenset({"owner"})
"""Told where the kept file has none."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One merged file about one field.

    Attributes:
        case_id: the merged file.
        value: what it holds; of a field of many values those that the kept file has not.
        written: what the field holds once this is taken.
        lacking: the kept file can take it as it is: it has nothing there, or many values. Else it says
            something else.
    """

    case_id: str
    value: Json
    written: Json
    lacking: bool


def beside(kept: RecordState, merged: Iterable[SubjectState], name: str) -> tuple[Beside, ...]:
    """What merged files hold of a field and the kept one does not, each value once.

    Nothing while the kept file's own versions wait for a person.
    """
    if name in _OF_ONE_FILE or name in kept.conflicts:
        return ()
    own, found = kept.get(name), list[Beside]()
    for state in merged:
        one = _of_one(state, name, own)
        if one is None or any(other.value == one.value for other in found):
            continue
        if one.lacking or name not in _ONE_SERVES:
            found.append(one)
    return tuple(found)


def _of_one(state: SubjectState, name: str, own: Json) -> Beside | None:
    value = state.root.get(name)
    if value in (None, "", []) or value == own:
        return None
    if isinstance(value, list):
        had = own if isinstance(own, list) else []
        more = [v for v in value if v not in had]
        return Beside(state.subject.id, more, [*had, *more], True) if more else None
    return Beside(state.subject.id, value, value, own in (None, ""))
