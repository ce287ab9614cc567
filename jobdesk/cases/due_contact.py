"""Due lines about keeping in touch: the next contact, the first round, the interval, the notice."""

from __future__ import annotations

from collections.abc import Iterator

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.contacts import Contacts, contacts_of
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.figures import add_months


def contact_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """At most one line for the contact itself, and one for a notice that was not given at one."""
    contacts = contacts_of(facts, agenda.rules)
    also = () if facts.root.get("notice_on") else ("notice",)
    if contacts.next:
        line = _agreed(facts, agenda, postponed, contacts, also)
    else:
        line = _interval(facts, agenda, postponed, contacts, also)
    if line is not None:
        yield line
    if also:
        notice = _notice(facts, agenda, postponed, contacts)
        if notice is not None:
            yield notice


def _agreed(
    facts: CaseFacts, agenda: Agenda, postponed: Postponed, contacts: Contacts, also: tuple[str, ...]
) -> DueLine | None:
    if contacts.next > agenda.horizon_iso:
        return None
    day = day_of(contacts.next)
    if day is None:
        return None
    kind = DueKind.FIRST_ROUND if contacts.next_from == "first_round" else DueKind.CONTACT
    params = (("last", contacts.last), ("reason", contacts.next_reason), ("from", contacts.next_from))
    return place(
        agenda, facts.case_id, kind, contacts.next_record, day, contacts.basis,
        postponed=postponed, also=also, params=params,
    )  # fmt: skip


def _interval(
    facts: CaseFacts, agenda: Agenda, postponed: Postponed, contacts: Contacts, also: tuple[str, ...]
) -> DueLine | None:
    """Counted from the last contact, or from the opening of the file when that is later: nobody starts
    overdue. Without either date there is nothing to count from.
    """
    start = max(contacts.last, facts.text("opened_on"))
    if not start or start > agenda.horizon_iso:
        return None
    first = day_of(start)
    if first is None:
        return None
    tier = f"contact_months_tier_{facts.text('tier')}"
    figure = agenda.figures[tier if tier in agenda.figures.by_key else "contact_months"]
    if figure.value <= 0:
        return None

    def basis() -> Basis:
        found = contacts.basis()
        dates = (("last_contact", contacts.last), ("opened_on", facts.text("opened_on")))
        return Basis(
            "contact_interval",
            figure.source,
            figure.status,
            tuple(d for d in dates if d[1]),
            found.counted,
            found.not_counted,
            params=(("months", figure.value),),
        )

    return place(
        agenda, facts.case_id, DueKind.CONTACT_INTERVAL, "", add_months(first, figure.value), basis,
        postponed=postponed, also=also,
        params=(("last", contacts.last), ("months", figure.value)),
    )  # fmt: skip


def _notice(facts: CaseFacts, agenda: Agenda, postponed: Postponed, contacts: Contacts) -> DueLine | None:
    """Only after a contact of our own: until then the contact line itself carries ``also``.

    The first contact since the file was opened starts the days.
    """
    day = day_of(contacts.first)
    if day is None:
        return None
    due = agenda.after(day, "notice_days")
    figure = agenda.figures["notice_days"]

    def basis() -> Basis:
        return Basis(
            "notice",
            figure.source,
            figure.status,
            (("first_contact", contacts.first),),
            (Seen("service", contacts.first_record, "counted", contacts.first),),
            notes=agenda.guessed(day, due),
            params=(("days", figure.value),),
        )

    return place(agenda, facts.case_id, DueKind.NOTICE, "", due, basis, postponed=postponed)
