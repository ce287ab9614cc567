"""Lines for what ends on a typed day: 失业保险金, and subsidies that no shared limit holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from jobdesk.cases.basis import Basis, Params, Seen
from jobdesk.cases.contacts import Sort, sort_of
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.rules.situation import unchecked


def ends(
    facts: CaseFacts, agenda: Agenda, postponed: Postponed, records: Iterable[Rec], due_kind: DueKind
) -> Iterator[DueLine]:
    """A look at what ends, some days ahead (自定); answered by a service recorded since that day.

    The end itself is what was typed and is never moved; only the first look never lies before the
    file was opened, so that nobody starts overdue.
    """
    opened = day_of(facts.text("opened_on"))
    warning, kept = agenda.figures["end_warning_days"], agenda.figures["end_kept_days"]
    for record in records:
        kind = record.kind
        until = day_of(record.text("until"))
        if until is None or until + timedelta(days=kept.value) < agenda.today:
            continue
        look = until - timedelta(days=warning.value)
        if opened is not None and look < opened:
            look = opened
        if look > agenda.horizon or served_since(facts, agenda, look.isoformat()):
            continue
        params: Params = (
            ("until", record.text("until")),
            ("days", (until - agenda.today).days),
            ("kind", record.text("kind")),
            ("unchecked", int(unchecked(record))),
        )

        def basis(record_id: str = record.id, iso: str = record.text("until"), kind: str = kind) -> Basis:
            return Basis(
                f"{kind}_end", warning.source, warning.status, (("until", iso),),
                (Seen(kind, record_id, "counted", iso),), params=(("days", warning.value),),
            )  # fmt: skip

        line = place(
            agenda, facts.case_id, due_kind, record.id, look, basis, postponed=postponed, params=params
        )
        if line is not None:
            yield line


def served_since(facts: CaseFacts, agenda: Agenda, iso: str) -> bool:
    """Whether a service (no attempt) was recorded on or after that ISO day."""
    return any(
        r.text("served_on") >= iso and sort_of(r.values, agenda.rules)[0] is not Sort.ATTEMPT
        for r in facts.of("service")
    )
