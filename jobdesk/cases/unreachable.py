"""Whether 无法联系 is founded: three attempts on different days since the last contact, one of them a visit.

The station's own reading (domain.md §11.11), not confirmed by any notice; closing for this reason also
wants the agreement of who supervises the station.
"""

from __future__ import annotations

from dataclasses import dataclass

from jobdesk.cases.basis import OWN, Basis, Seen
from jobdesk.cases.contacts import ServiceRules, attempts_since, contacts_of
from jobdesk.cases.facts import CaseFacts

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Unreachable:
    """``days`` are the different days on which somebody tried."""

    days: tuple[str, ...]
    visited: bool
    basis: Basis
    required: int = ATTEMPTS

    @property
    def founded(self) -> bool:
        return len(self.days) >= self.required and self.visited


def unreachable(facts: CaseFacts, rules: ServiceRules, required: int = ATTEMPTS) -> Unreachable:
    """What speaks for 无法联系 today. Mass messages try nobody."""
    last = contacts_of(facts, rules).last
    tried = attempts_since(facts, rules, last)
    counted = [r for r in tried if r.values.get("group_event") is None and r.text("served_on") > last]
    days = tuple(sorted({r.text("served_on") for r in counted}))
    left = [r for r in tried if r not in counted]
    return Unreachable(
        days,
        any(r.text("channel") == "visit" for r in counted),
        Basis(
            "unreachable",
            OWN,
            "unconfirmed",
            (("last_contact", last),) if last else (),
            tuple(Seen("service", r.id, "counted", r.text("served_on")) for r in counted),
            tuple(Seen("service", r.id, "before_contact", r.text("served_on")) for r in left),
            params=(("attempts", len(days)), ("required", required)),
        ),
        required,
    )
