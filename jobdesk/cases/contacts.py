"""What counts as a contact: services and follow-ups do, attempts do not (domain.md §11.8).

An unanswered call and a mass message are attempts: they stand in the file and in the count of
attempts, and never as a service. A group event over the network which nobody is recorded to have
joined is a mass message.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter

from jobdesk.cases.basis import AGREED, OWN, Basis, Seen
from jobdesk.cases.facts import CaseFacts, Rec, Values


class Sort(StrEnum):
    """What a service record is."""

    SERVICE = "service"
    FOLLOW_UP = "follow_up"
    """回访: a contact that counts for no step."""
    ATTEMPT = "attempt"


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """Which codes mean what; loaded from ``resources/templates/service_types.toml``.

    Attributes:
        follow_ups: service types that are contacts only.
        mass_types: service types that reach nobody in person (群发).
        attempt_outcomes: outcomes of a call that nobody answered.
        remote_channels: channels over which a group event may be a mere mass message.
        own_providers: a record of another provider counts as a service with its source, and is no
            contact of this station.
    """

    follow_ups: frozenset[str] = frozenset({"HF"})
    mass_types: frozenset[str] = frozenset({"QF"})
    attempt_outcomes: frozenset[str] = frozenset({"no_answer", "wrong_number", "not_met"})
    remote_channels: frozenset[str] = frozenset({"online", "phone"})
    own_providers: frozenset[str] = frozenset({"", "own", "village", "street"})


TOOK_PART = frozenset({"joined", "completed"})


def attempted(values: Values, rules: ServiceRules) -> str:
    """Why this service record is an attempt (``no_answer``, ``mass_message``); empty when it is none."""
    engagement = values.get("engagement")
    if engagement == "attempt" or values.get("outcome") in rules.attempt_outcomes:
        return "no_answer"
    if values.get("type") in rules.mass_types:
        return "mass_message"
    if (
        values.get("group_event")
        and engagement not in TOOK_PART
        and values.get("channel") in rules.remote_channels
    ):
        return "mass_message"
    return ""


def sort_of(values: Values, rules: ServiceRules) -> tuple[Sort, str]:
    """What this service record is, and why it is an attempt, else ''."""
    why = attempted(values, rules)
    if why:
        return Sort.ATTEMPT, why
    return (Sort.FOLLOW_UP if values.get("type") in rules.follow_ups else Sort.SERVICE), ""


@dataclass(slots=True)
class Contacts:
    """The last true contact and the next one agreed, from the records alone.

    Attributes:
        last: ISO date of stated precision, or empty. A service record is exact; the ledger's own
            last contact may be a month.
        last_record: id of that service record; empty when the date comes from the ledger.
        next: ISO day, or empty.
        next_from: ``field`` (typed on the file), ``record`` (agreed at a service), ``first_round``, or
            empty; says which rule gave the day.
        next_reason: free text typed with the day; only for ``field``.
        first, first_record: the first contact of our own since the file was opened.
        attempts: ids of attempts since the last contact, oldest first.
        other_providers: ids of services by others: they count for steps, and are no contact of ours.
    """

    last: str = ""
    last_record: str = ""
    next: str = ""
    next_from: str = ""
    next_reason: str = ""
    next_record: str = ""
    attempts: tuple[str, ...] = ()
    other_providers: tuple[str, ...] = ()
    first: str = ""
    first_record: str = ""

    def basis(self) -> Basis:
        """Why the next contact is due on that day."""
        dates = [("last_contact", self.last)] if self.last else []
        if self.next:
            dates.append(("next_contact", self.next))
        counted: list[Seen] = []
        if self.last_record:
            counted.append(Seen("service", self.last_record, "counted", self.last))
        if self.next_record and self.next_record != self.last_record:
            counted.append(Seen("service", self.next_record, "next_agreed"))
        return Basis(
            rule=f"contact_{self.next_from or 'none'}",
            source=OWN if self.next_from == "first_round" else AGREED,
            status="own" if self.next_from == "first_round" else "confirmed",
            dates=tuple(dates),
            counted=tuple(counted),
            not_counted=(
                *(Seen("service", i, "attempt") for i in self.attempts),
                *(Seen("service", i, "other_provider") for i in self.other_providers),
            ),
        )


def contacts_of(facts: CaseFacts, rules: ServiceRules) -> Contacts:
    """Last and next contact; depends on no date of today and on no setting.

    The next contact is, in this order: the day typed on the file, unless a contact was made on or
    after it, or somebody tried on or after it and agreed on another day; the day agreed at the latest
    service or attempt that names one, when it lies after the last contact; the day of the first
    round, until a contact is recorded since the file was opened.
    """
    last = last_record = next_day = next_record = next_set_on = first_day = first_record = ""
    services = by_day(facts)
    if not services:
        day, source, reason, record = _next(facts, "", "", "", "", "")
        return Contacts(facts.text("last_contact"), "", day, source, reason, record)
    opened = facts.text("opened_on")
    attempts: list[str] = []
    elsewhere: list[str] = []
    unanswered, mass = rules.attempt_outcomes, rules.mass_types
    for day, record_id, values in services:
        if not day:
            continue
        # most were answered and held nothing special: the whole question is asked of the others
        doubtful = (
            "engagement" in values or "group_event" in values
            or values.get("outcome") in unanswered or values.get("type") in mass
        )  # fmt: skip
        if doubtful and attempted(values, rules):
            attempts.append(record_id)
        elif (values.get("provider") or "") not in rules.own_providers:
            elsewhere.append(record_id)
        else:
            last, last_record = day, record_id
            if attempts:
                attempts = []
            if not first_day and day >= opened:
                first_day, first_record = day, record_id
        agreed = values.get("next_contact")
        if agreed and isinstance(agreed, str):
            next_day, next_record, next_set_on = agreed, record_id, day
    own_last = last
    last, last_record = _ledger_last(facts, last, last_record)
    day, source, reason, record = _next(facts, own_last, next_day, next_set_on, next_record, first_day)
    return Contacts(
        last, last_record, day, source, reason, record, tuple(attempts), tuple(elsewhere), first_day,
        first_record,
    )  # fmt: skip


def _next(
    facts: CaseFacts, own_last: str, next_day: str, next_set_on: str, next_record: str, first_day: str
) -> tuple[str, str, str, str]:
    """Day, source, reason and record of the next contact."""
    typed = facts.text("next_contact")
    if typed and not (own_last >= typed or (next_set_on >= typed and next_day > typed)):
        return typed, "field", facts.text("next_contact_reason"), ""
    if next_day and next_day > own_last:
        return next_day, "record", "", next_record
    first = facts.text("first_round_on")
    if first and not first_day:
        return first, "first_round", "", ""
    return "", "", "", ""


def by_day(facts: CaseFacts) -> list[tuple[str, str, Values]]:
    """Services as (day, id, values), oldest first; the undated, with an empty day, before all."""
    if "service" not in facts.records:
        return []
    found: list[tuple[str, str, Values]] = []
    for _kind, record_id, values in facts.records["service"]:
        day = values.get("served_on")
        found.append((day if isinstance(day, str) else "", record_id, values))
    if len(found) > 1:
        found.sort(key=_DAY_AND_ID)
    return found


_DAY_AND_ID = itemgetter(0, 1)


def _ledger_last(facts: CaseFacts, last: str, record: str) -> tuple[str, str]:
    ledger = facts.text("last_contact")
    return (ledger, "") if ledger > last else (last, record)


def attempts_since(facts: CaseFacts, rules: ServiceRules, since: str = "") -> tuple[Rec, ...]:
    """Attempts on or after an ISO day, oldest first: what 无法联系 is founded on."""
    found = [r for r in facts.of("service") if sort_of(r.values, rules)[0] is Sort.ATTEMPT]
    return tuple(
        sorted((r for r in found if r.text("served_on") >= since), key=lambda r: (r.text("served_on"), r.id))
    )
