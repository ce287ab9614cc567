"""All due lines of one case, of held import rows and of posts."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

from jobdesk.cases import schema
from jobdesk.cases.assigned import assigned_lines
from jobdesk.cases.basis import OWN, Basis, Seen
from jobdesk.cases.completeness import has_ended
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place, postponements
from jobdesk.cases.due_contact import contact_lines
from jobdesk.cases.due_ends import ends
from jobdesk.cases.due_graduates import graduate_lines
from jobdesk.cases.due_household import whole_household_lines
from jobdesk.cases.due_may_apply import may_apply_lines
from jobdesk.cases.due_plan import plan_lines, step_lines
from jobdesk.cases.due_recognition import leave_lines, recognition_lines, unreachable_lines
from jobdesk.cases.due_registration import registration_lines
from jobdesk.cases.due_retirement import retirement_lines
from jobdesk.cases.due_subsidies import policy_lines, subsidy_lines
from jobdesk.cases.due_transfer import transfer_lines
from jobdesk.cases.due_verify import verify_lines
from jobdesk.cases.facts import CaseFacts, Values
from jobdesk.cases.public_posts import post_lines

DUE_RECORDS: frozenset[str] = schema.CHILDREN["case"] - {"attachment", "override", "escalation"}
"""Record kinds that any of these rules may read, a county's own pack among them: what a store has to load."""

Maker = Callable[[CaseFacts, Agenda, Postponed], Iterable[DueLine]]
Asked = tuple[Maker, frozenset[str], str]


def benefit_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterable[DueLine]:
    """失业保险金 that ends."""
    return ends(facts, agenda, postponed, facts.of("benefit"), DueKind.BENEFIT_END)


_SUBSIDIES, _RECOGNITION = frozenset({"subsidy", "public_post"}), frozenset({"recognition"})
_PLAN = frozenset({"plan", "measure"})
MAKERS: tuple[Asked, ...] = (
    (contact_lines, frozenset(), ""), (plan_lines, _PLAN, ""), (step_lines, frozenset(), ""),
    (benefit_lines, frozenset({"benefit"}), ""), (transfer_lines, frozenset(), "transfer_wish"),
    (subsidy_lines, _SUBSIDIES, ""), (policy_lines, frozenset(), ""),
    (post_lines, frozenset({"public_post"}), ""), (registration_lines, frozenset(), ""),
    (recognition_lines, _RECOGNITION, ""), (leave_lines, _RECOGNITION, ""),
    (may_apply_lines, frozenset({"registration"}), ""), (graduate_lines, frozenset(), "graduated_on"),
    (unreachable_lines, frozenset({"service"}), ""), (assigned_lines, frozenset(), ""),
    (retirement_lines, frozenset(), ""), (verify_lines, frozenset(), "graduated_on"),
)  # fmt: skip
"""Every rule that makes lines of a case: the function, the record kinds of which it needs one, and the field
of the file that it needs. Without them it has nothing to say and is not asked; empty: always asked.
"""
HOUSEHOLD_MAKERS: tuple[Maker, ...] = (whole_household_lines,)
"""The same for households: ``facts`` are the household's, its ``case_id`` is the household's id, and so is
the subject of the lines. The members' files stand in ``agenda.people``.
"""


def is_silent(facts: CaseFacts) -> bool:
    """Files that ask for nothing: ended, merged into another, or of somebody who has died (已故)."""
    return has_ended(facts) or bool(facts.root.get("merged_into") or facts.root.get("deceased_on"))


def due_lines(facts: CaseFacts, agenda: Agenda) -> list[DueLine]:
    """The lines of one case up to the horizon, in no particular order (sort with ``due.order``)."""
    if is_silent(facts):
        over = has_ended(facts) or facts.root.get("merged_into")
        # nobody is called any more; a recognition that still stands is looked into
        return [] if over else list(leave_lines(facts, agenda, postponements(facts)))
    postponed, root = postponements(facts), facts.root
    lines: list[DueLine] = []
    for make, field in _concerned(frozenset(facts.records)):
        if not field or field in root:
            lines += make(facts, agenda, postponed)
    return lines


@functools.lru_cache(maxsize=1024)
def _concerned(kinds: frozenset[str]) -> tuple[tuple[Maker, str], ...]:
    """Whom to ask of a file with records of these kinds, and the field each needs; thousands of files share
    some dozen such sets.
    """
    return tuple((make, field) for make, needed, field in MAKERS if not needed or needed & kinds)


def household_lines(household: CaseFacts, agenda: Agenda) -> list[DueLine]:
    """The lines of a household as a whole, in no particular order."""
    postponed = postponements(household)
    return [line for make in HOUSEHOLD_MAKERS for line in make(household, agenda, postponed)]


def unworkable_line(subject_id: str, agenda: Agenda) -> list[DueLine]:
    """What stands for the lines of a file, or of a household, at which these rules failed."""
    made = place(
        agenda, subject_id, DueKind.UNWORKABLE, "", agenda.today, lambda: Basis("unworkable", OWN, "own")
    )
    return [] if made is None else [made]


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
    look = agenda.working_day(day, -figure.value) if figure.value else day
    basis = Basis(
        "vacancy", figure.source, figure.status, (("until", str(until)),),
        (Seen("vacancy", vacancy_id, "counted", str(until)),), params=(("days", figure.value),),
    )  # fmt: skip
    params = (("unit", str(values.get("unit") or "")), ("post", str(values.get("post") or "")))
    return place(agenda, vacancy_id, DueKind.VACANCY, vacancy_id, look, lambda: basis,
                 params=params)  # fmt: skip
