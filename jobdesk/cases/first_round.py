"""首轮摸底: the first contacts of imported people spread over the working days ahead.

Only contacts are spread; ends of subsidies and deadlines of households keep their days
(domain.md §11.15). Nobody starts overdue.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jobdesk.cases.basis import Basis
from jobdesk.cases.figures import Figures
from jobdesk.cases.working_days import WorkingDays


def spread(case_ids: Sequence[str], start: date, days: WorkingDays, figures: Figures) -> dict[str, date]:
    """A day for each person, in the given order, as evenly as it goes.

    The first day is the working day after ``start``. With fewer people than days nobody is put
    further out than his place in the row, so that ten people take ten days, not thirty.
    """
    span = max(1, figures.value("first_round_days", 30))
    slots: list[date] = []
    for _ in range(min(span, len(case_ids))):
        slots.append(days.add(slots[-1] if slots else start, 1))
    count = len(case_ids)
    return {case_id: slots[n * len(slots) // count] for n, case_id in enumerate(case_ids)}


def basis(start: date, due: date, days: WorkingDays, figures: Figures) -> Basis:
    """Why a first contact lies on that day."""
    figure = figures["first_round_days"]
    return Basis(
        "contact_first_round",
        figure.source,
        figure.status,
        (("imported_on", start.isoformat()), ("next_contact", due.isoformat())),
        notes=("workdays_guessed",) if days.guessed_years(start, due) else (),
        params=(("days", figure.value),),
    )
