"""Whether 无法联系 is founded: attempts on different days since the last contact, some of them visits.

The station's own reading (domain.md §11.11), not confirmed by any notice; closing for this reason also
wants the agreement of who supervises the station.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.basis import OWN, Basis, Seen
from jobdesk.cases.contacts import ServiceRules, attempts_since, contacts_of
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.rules.pack import UNKNOWN
from jobdesk.cases.rules.terms import FIGURE

ATTEMPTS = "leaving.unreachable_attempts"
VISITS = "leaving.unreachable_visits"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Different days on which somebody must have tried, and how many of them a visit; None where no pack
    says it: then nothing can be judged.
    """

    days: int | None
    visits: int | None

    @property
    def missing(self) -> tuple[str, ...]:
        """What no pack says, as a trace names it."""
        named = ((ATTEMPTS, self.days), (VISITS, self.visits))
        return tuple(FIGURE + key for key, value in named if value is None)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """``days`` are the different days on which somebody tried, ``visits`` those with a visit."""

    days: tuple[str, ...]
    visits: tuple[str, ...]
    basis: Basis
    wanted: Wanted

    @property
    def founded(self) -> bool:
        days, visits = self.wanted.days, self.wanted.visits
        if days is None or visits is None:
            return False
        return len(self.days) >= days and len(self.visits) >= visits


def unreachable(facts: CaseFacts, rules: ServiceRules, day: date, wanted: Wanted) -> Unreachable:
    """What speaks for 无法联系 on a day. Mass messages try nobody, nor does what came later."""
    last = contacts_of(facts, rules).last
    tried = [r for r in attempts_since(facts, rules, last) if r.text("served_on") <= day.isoformat()]
    counted = [r for r in tried if r.values.get("group_event") is None and r.text("served_on") > last]
    days = _days(counted)
    visits = _days(r for r in counted if r.text("channel") == "visit")
    left = [r for r in tried if r not in counted]
    return Unreachable(
        days,
        visits,
        Basis(
            "unreachable",
            OWN,
            "unconfirmed",
            (("last_contact", last),) if last else (),
            tuple(Seen("service", r.id, "counted", r.text("served_on")) for r in counted),
            tuple(Seen("service", r.id, "before_contact", r.text("served_on")) for r in left),
            params=(
                ("attempts", len(days)), ("required", _shown(wanted.days)),
                ("visited", len(visits)), ("visits", _shown(wanted.visits)),
            ),
            outcome="unknown" if wanted.missing else "",
            missing=wanted.missing,
        ),
        wanted,
    )  # fmt: skip


def _shown(figure: int | None) -> int | str:
    return UNKNOWN if figure is None else figure


def _days(records: Iterable[Rec]) -> tuple[str, ...]:
    return tuple(sorted({r.text("served_on") for r in records}))
