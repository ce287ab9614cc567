"""All due lines of one case, of held import rows and of posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from jobdesk.cases.basis import Basis, Params, Seen
from jobdesk.cases.completeness import has_ended
from jobdesk.cases.contacts import Sort, sort_of
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place, postponements
from jobdesk.cases.due_contact import contact_lines
from jobdesk.cases.due_plan import plan_lines, step_lines
from jobdesk.cases.facts import CaseFacts, Values

DUE_RECORDS: frozenset[str] = frozenset(
    {"service", "plan", "measure", "review", "statement", "placement", "employment"}
    | {"registration", "benefit", "subsidy", "postponement"}
)
"""Record kinds that any of these rules reads: what a store has to load."""

_END_KINDS = {"benefit": DueKind.BENEFIT_END, "subsidy": DueKind.SUBSIDY_END}


Maker = Callable[[CaseFacts, Agenda, Postponed], Iterable[DueLine]]
MAKERS: tuple[Maker, ...] = ()
"""Lines of rules with a file of their own (registration, recognition, subsidies, posts …). One function
each; it yields nothing for files without its records.
"""


def is_silent(facts: CaseFacts) -> bool:
    """Files that ask for nothing: ended, merged into another, or of somebody who has died (已故)."""
    return has_ended(facts) or bool(facts.root.get("merged_into") or facts.root.get("deceased_on"))


def due_lines(facts: CaseFacts, agenda: Agenda) -> list[DueLine]:
    """The lines of one case up to the horizon, in no particular order (sort with ``due.order``)."""
    if is_silent(facts):
        return []
    postponed = postponements(facts)
    lines = list(contact_lines(facts, agenda, postponed))
    if facts.of("plan") or facts.of("measure"):
        lines += plan_lines(facts, agenda, postponed)
    lines += step_lines(facts, agenda, postponed)
    for kind, due_kind in _END_KINDS.items():
        if facts.of(kind):
            lines += _ends(facts, agenda, postponed, kind, due_kind)
    for make in MAKERS:
        lines += make(facts, agenda, postponed)
    return lines


def _ends(
    facts: CaseFacts, agenda: Agenda, postponed: Postponed, kind: str, due_kind: DueKind
) -> Iterator[DueLine]:
    """A look at what ends, some days ahead (自定); answered by a service recorded since that day.

    The end itself is what was typed and is never moved; only the first look never lies before the
    file was opened, so that nobody starts overdue.
    """
    opened = day_of(facts.text("opened_on"))
    warning, kept = agenda.figures["end_warning_days"], agenda.figures["end_kept_days"]
    for record in facts.of(kind):
        until = day_of(record.text("until"))
        if until is None or until + timedelta(days=kept.value) < agenda.today:
            continue
        look = until - timedelta(days=warning.value)
        if opened is not None and look < opened:
            look = opened
        if look > agenda.horizon or _served_since(facts, agenda, look.isoformat()):
            continue
        params: Params = (
            ("until", record.text("until")),
            ("days", (until - agenda.today).days),
            ("kind", record.text("kind")),
        )

        def basis(record_id: str = record.id, iso: str = record.text("until")) -> Basis:
            return Basis(
                f"{kind}_end", warning.source, warning.status, (("until", iso),),
                (Seen(kind, record_id, "counted", iso),), params=(("days", warning.value),),
            )  # fmt: skip

        line = place(
            agenda, facts.case_id, due_kind, record.id, look, basis, postponed=postponed, params=params
        )
        if line is not None:
            yield line


def _served_since(facts: CaseFacts, agenda: Agenda, iso: str) -> bool:
    return any(
        r.text("served_on") >= iso and sort_of(r.values, agenda.rules)[0] is not Sort.ATTEMPT
        for r in facts.of("service")
    )


def held_rows_line(
    import_id: str, values: Values, open_rows: int, agenda: Agenda, postponed: Postponed | None = None
) -> DueLine | None:
    """One line for all rows of an import that wait for a person; None when none does.

    Args:
        values: of the import's root (``file_name``, ``imported_on``, ``state``).
        open_rows: held rows whose state is open (or 稍后).
    """
    imported = values.get("imported_on")
    first = day_of(imported) if isinstance(imported, str) else None
    if open_rows <= 0 or values.get("state") == "undone":
        return None
    start = first or agenda.today
    figure = agenda.figures["held_rows_days"]
    due = agenda.after(start, "held_rows_days") if first else agenda.today

    def basis() -> Basis:
        return Basis(
            "held_rows", figure.source, figure.status, (("imported_on", start.isoformat()),),
            notes=agenda.guessed(start, due), params=(("days", figure.value), ("rows", open_rows)),
        )  # fmt: skip

    params = (("rows", open_rows), ("file", str(values.get("file_name") or "")))
    return place(
        agenda, import_id, DueKind.HELD_ROWS, import_id, due, basis, postponed=postponed, params=params
    )


def vacancy_line(vacancy_id: str, values: Values, agenda: Agenda) -> DueLine | None:
    """A post whose 有效期 is about to end wants checking; nothing once the end has passed."""
    until = values.get("valid_until")
    day = day_of(until) if isinstance(until, str) else None
    if day is None or day < agenda.today or day > agenda.horizon:
        return None
    figure = agenda.figures["vacancy_check_days"]
    look = agenda.days.add(day, -figure.value) if figure.value else day
    basis = Basis(
        "vacancy", figure.source, figure.status, (("until", str(until)),),
        (Seen("vacancy", vacancy_id, "counted", str(until)),), params=(("days", figure.value),),
    )  # fmt: skip
    params = (("unit", str(values.get("unit") or "")), ("post", str(values.get("post") or "")))
    return place(agenda, vacancy_id, DueKind.VACANCY, vacancy_id, look, lambda: basis,
                 params=params)  # fmt: skip
