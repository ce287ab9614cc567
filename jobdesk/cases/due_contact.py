"""Due lines about keeping in touch: the next contact, and the notice that was not given at one."""

from __future__ import annotations

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.contacts import Contacts, contacts_of
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.next_contact import next_contact

_ALSO = ("notice",)


def contact_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> list[DueLine]:
    """At most one line for the contact itself, and one for a notice that was not given at one."""
    lines: list[DueLine] = []
    contacts = contacts_of(facts, agenda.rules)
    also = () if facts.root.get("notice_on") else _ALSO
    found = next_contact(facts, agenda, contacts)
    if found is not None and found.day <= agenda.horizon:
        line = place(
            agenda, facts.case_id, found.kind, found.record, found.day, found.basis,
            part=found.part, postponed=postponed, also=also, params=found.params,
        )  # fmt: skip
        if line is not None:
            lines.append(line)
    if also and contacts.first:
        notice = _notice(facts, agenda, postponed, contacts)
        if notice is not None:
            lines.append(notice)
    return lines


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
