"""One problem beside one field, and what the checks of a record see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jobdesk.cases.basis import Params
from jobdesk.cases.facts import CaseFacts, Rec, Values
from jobdesk.cases.figures import Figures
from jobdesk.cases.partial_date import PartialDate


class Severity(StrEnum):
    """Whether a form may be saved with it."""

    BLOCKING = "blocking"
    ODD = "odd"
    """It cannot be true beside the rest of the file: it stands only with a reason, and is listed 待核对."""
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing beside one field. ``problem.<code>`` in the strings, filled with ``params``."""

    code: str
    field: str
    severity: Severity = Severity.BLOCKING
    params: Params = ()

    @property
    def blocks(self) -> bool:
        """Whether a form may not be saved as it stands; an odd fact blocks until a reason is given."""
        return self.severity is not Severity.HINT

    @property
    def odd(self) -> bool:
        return self.severity is Severity.ODD


@dataclass(frozen=True, slots=True)
class Look:
    """What the checks of one record see.

    Attributes:
        record_id: of the record being typed, so that it is not compared with itself; empty for a new one.
        entered_on: the day on which a service was first entered; today for a new one.
        others: the rest of the file.
    """

    values: Values
    today: date
    figures: Figures
    record_id: str
    entered_on: date
    others: CaseFacts

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def day(self, name: str) -> PartialDate | None:
        return PartialDate.parse(self.text(name)) if self.text(name) else None

    def rest(self, kind: str) -> list[Rec]:
        return [r for r in self.others.of(kind) if r.id != self.record_id]


def hint(code: str, field: str, **params: str | int) -> Problem:
    return Problem(code, field, Severity.HINT, tuple(params.items()))


def odd(code: str, field: str, **params: str | int) -> Problem:
    return Problem(code, field, Severity.ODD, tuple(params.items()))


def block(code: str, field: str, **params: str | int) -> Problem:
    return Problem(code, field, Severity.BLOCKING, tuple(params.items()))
