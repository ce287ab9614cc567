"""The next contact of a person: one computed date with its reason.

Of what was agreed (or typed, or the first round), the 回访 after a placement and the interval of the tier,
the earliest day counts; the interval only where nothing is agreed, and not for those in established work.
It moves only by a new agreement or by being put off with a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.basis import Basis, Params
from jobdesk.cases.contacts import Contacts, contacts_of
from jobdesk.cases.due import Agenda, DueKind, Postponed, day_of, line_key, postponements, put_off_to
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.figures import Figure, add_months
from jobdesk.cases.follow_ups import follow_up
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.cases.rules.vocabulary import outcome
from jobdesk.cases.tiers import TIERS, tier_basis, tier_code

OWED = "contact.owed"
"""The rule that says with whom a regular contact is owed."""


@dataclass(slots=True)
class NextContact:
    """One date and why.

    Attributes:
        kind: which rule gave it.
        record: the service or job it comes from; empty when from none.
    """

    day: date
    kind: DueKind
    record: str
    basis: Callable[[], Basis]
    params: Params
    part: str = ""


def next_contact(facts: CaseFacts, agenda: Agenda, contacts: Contacts) -> NextContact | None:
    """The next contact, however far ahead; None when nothing asks for one."""
    planned = _agreed(contacts) if contacts.next else _interval(facts, agenda, contacts)
    owed = _follow_up(facts, agenda, contacts)
    if planned is None or (owed is not None and owed.day < planned.day):
        return owed
    return planned


def put_off(found: NextContact, postponed: Postponed) -> tuple[date, str]:
    """The day it stands on, and why it was put off there; its own day without a reason."""
    key = line_key(found.kind, found.record, found.part, found.day.isoformat())
    return put_off_to(key, found.day, postponed)


def contact_on(facts: CaseFacts, agenda: Agenda) -> str:
    """The day of the next contact for lists, as 今日 and the file say it: ISO text, empty when nothing asks
    for one or the person has died.
    """
    if facts.root.get("deceased_on"):
        return ""
    found = next_contact(facts, agenda, contacts_of(facts, agenda.rules))
    return put_off(found, postponements(facts))[0].isoformat() if found else ""


def _agreed(contacts: Contacts) -> NextContact | None:
    day = day_of(contacts.next)
    if day is None:
        return None
    kind = DueKind.FIRST_ROUND if contacts.next_from == "first_round" else DueKind.CONTACT
    params = (("last", contacts.last), ("reason", contacts.next_reason), ("from", contacts.next_from))
    return NextContact(day, kind, contacts.next_record, contacts.basis, params)


def _follow_up(facts: CaseFacts, agenda: Agenda, contacts: Contacts) -> NextContact | None:
    if "placement" not in facts.records and "employment" not in facts.records:
        return None
    found = follow_up(facts, agenda.packs, agenda.today, contacts.last)
    if found is None:
        return None
    params: Params = (("last", contacts.last), ("months", found.months), ("unit", found.record.text("unit")))
    return NextContact(found.due, DueKind.FOLLOW_UP, found.record.id, found.basis, params, str(found.number))


def _interval(facts: CaseFacts, agenda: Agenda, contacts: Contacts) -> NextContact | None:
    """Counted from the last contact, or from the opening of the file when that is later: nobody starts
    overdue. Without either date there is nothing to count from.
    """
    opened = facts.text("opened_on")
    start = max(contacts.last, opened)
    if not start or start > agenda.horizon_iso:
        return None
    first = day_of(start)
    if first is None or not _owed(facts, agenda):
        return None
    figure = _months(facts, agenda)
    if figure.value <= 0:
        return None

    def basis() -> Basis:
        found, tier = contacts.basis(), tier_basis(facts, agenda.situation(facts))
        dates = (("last_contact", contacts.last), ("opened_on", opened))
        return Basis(
            "contact_interval",
            figure.source,
            figure.status,
            tuple(d for d in dates if d[1]),
            found.counted,
            found.not_counted,
            params=(("months", figure.value),),
            facts=tier.facts,
            steps=tier.steps,
        )

    params: Params = (("last", contacts.last), ("months", figure.value))
    return NextContact(add_months(first, figure.value), DueKind.CONTACT_INTERVAL, "", basis, params)


def _owed(facts: CaseFacts, agenda: Agenda) -> bool:
    """Not for those in established work; where no rule says so, with everybody."""
    if not facts.of("placement") and not facts.of("employment"):
        return True
    return outcome(OWED, agenda.situation(facts)) is not Outcome.NOT_MET


def _months(facts: CaseFacts, agenda: Agenda) -> Figure:
    """The interval of the person's tier. Where all tiers have the same, nobody's tier is asked for."""
    figures = agenda.figures.by_key
    common = figures["contact_months"]
    if not facts.text("tier") and all(
        figures[f"contact_months_tier_{t}"].value == common.value for t in TIERS
    ):
        return common
    return figures.get(f"contact_months_tier_{tier_code(facts, agenda.situation(facts))}", common)
