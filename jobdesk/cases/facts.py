"""One case as rules read it: the shown values of its root and child records, nothing else.

A store query can fill this from rows without folding; ``facts_of`` makes it from a state. Set fields
are lists of their values. The order of records means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from jobdesk.cases.ops import Json
from jobdesk.cases.state import SubjectState

Values = Mapping[str, Json]


class Rec(NamedTuple):
    """A child record as rules see it."""

    kind: str
    id: str
    values: Values

    def text(self, name: str) -> str:
        """The value as text; empty when unknown or not text."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


@dataclass(slots=True)
class CaseFacts:
    """Values of one person's file.

    Attributes:
        root: field → value of the case itself, blanks left out.
        records: record kind → its records, in no particular order.
        conflicts: (record kind, field) pairs that wait for a person.
    """

    case_id: str
    root: Values
    records: Mapping[str, tuple[Rec, ...]] = field(default_factory=dict[str, tuple[Rec, ...]])
    conflicts: tuple[tuple[str, str], ...] = ()

    def of(self, kind: str) -> tuple[Rec, ...]:
        return self.records.get(kind, ())

    def text(self, name: str) -> str:
        """A value of the case as text; empty when unknown or not text."""
        value = self.root.get(name)
        return value if isinstance(value, str) else ""

    def joined(self, other: CaseFacts) -> CaseFacts:
        """This file with the records of another one that was merged into it; its own fields stand.

        Only the lists somebody was put on are those of both, and what waits for a person waits in both.
        """
        records = dict(self.records)
        for kind, found in other.records.items():
            records[kind] = (*records.get(kind, ()), *found)
        root, conflicts = self.root, (*self.conflicts, *other.conflicts)
        if lists := lists_of(other.root) - lists_of(root):
            root = {**root, "lists": list[Json](sorted(lists | lists_of(root)))}
        return CaseFacts(self.case_id, root, records, conflicts)


def lists_of(root: Values) -> set[str]:
    """Names of the lists somebody was put on."""
    value = root.get("lists")
    return {str(v) for v in value} if isinstance(value, list) else set()


def facts(case_id: str, root: Values, rows: Iterable[tuple[str, str, Values]] = ()) -> CaseFacts:
    """From plain rows ``(kind, id, values)`` as a store reads them."""
    grouped: dict[str, list[Rec]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(Rec._make(row))
    return CaseFacts(case_id, root, {kind: tuple(found) for kind, found in grouped.items()})


def facts_of(state: SubjectState) -> CaseFacts:
    """From a folded case. A case that does not stand gives empty facts."""
    grouped: dict[str, list[Rec]] = {}
    conflicts: list[tuple[str, str]] = []
    root: Values = {}
    for record in state:
        conflicts += [(record.kind, name) for name in record.conflicts]
        if record.kind == state.subject.kind:
            if record.id == state.subject.id:
                root = record.values()
        else:
            grouped.setdefault(record.kind, []).append(Rec(record.kind, record.id, record.values()))
    return CaseFacts(
        state.subject.id,
        root,
        {kind: tuple(sorted(found, key=lambda r: r.id)) for kind, found in sorted(grouped.items())},
        tuple(sorted(conflicts)),
    )


MOVED_TO = "moved_to"
"""At a member's line that ended by the move of the file: the station it went to. Nobody writes it; whoever
reads a household puts it there.
"""


def is_member(values: Values, on: str) -> bool:
    """Whether somebody belongs to a household on that ISO day.

    A last day still counts, as of every spell. Who moved to another station is gone from that day on, as the
    file is.
    """
    return is_open(values, on) and not (values.get(MOVED_TO) and values.get("until") == on)


def is_open(values: Values, on: str) -> bool:
    """Whether a spell (``since``–``until``) runs on that ISO day.

    A month counts to its last day: a spell until 2026-03 still runs on 2026-03-15. An unknown start
    has begun; an unknown end has not come.
    """
    since, until = values.get("since"), values.get("until")
    if isinstance(since, str) and since and since > on and not on.startswith(since):
        return False
    return not (isinstance(until, str) and until) or until >= on[: len(until)]
