"""Everything the month's paper shows, as plain values: built from the cases elsewhere, drawn here.

Identity comes in whole; what may be printed of it is decided once, in ``masked``, before anything is drawn.
``None`` in a field of identity or plan is a blank ruled for the pen; in a field that comes from a register
or a record it prints 未填 or — and never a rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from jobdesk.reports.cover_data import Cover
from jobdesk.reports.furniture import Printed
from jobdesk.reports.secrecy import Secret, hidden


@dataclass(frozen=True, slots=True)
class Period:
    """What the paper covers.

    Attributes:
        title: ``2026 年 10 月``, or a week, a campaign, a quarter.
        cutoff: last day counted, ISO.
        running: the period is not over; printed as 截至 that day.
        file_key: the part of a file name (``2026-10``).
    """

    title: str
    cutoff: str
    running: bool = False
    file_key: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A line of 类别与认定. A category from a ledger is never 已认定."""

    name: str
    state: str
    authority: str | None = None
    decided_on: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    what: str
    owner: str | None = None
    due: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """一人一策 as last agreed; ``note`` stands at the right of the band (agreed when, version, review)."""

    note: str
    analysis: str | None = None
    barriers: tuple[str, ...] = ()
    barrier_note: str = ""
    intention: str | None = None
    goal: str | None = None
    promise: str | None = None
    statement: str | None = None
    measures: tuple[Measure, ...] = ()


class Counting(Enum):
    """What a recorded event is on the month's sheet."""

    SERVICE = "service"
    FOLLOW_UP = "follow_up"
    ATTEMPT = "attempt"


@dataclass(frozen=True, slots=True)
class Service:
    """One dated event of the month.

    Attributes:
        day: ``10-16``; events of a month do not repeat the year.
        late: reason of a late entry (补录), else None.
        source: who served, where it was not the station (县职教中心, 学校).
    """

    day: str
    kind: str
    channel: str
    content: str | None
    outcome: str | None
    staff: str
    counting: Counting = Counting.SERVICE
    late: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a round: how often it is due, was offered and was attended, and the events behind it."""

    name: str
    required: int
    offered: int
    attended: int
    events: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StepRound:
    """The current round of a template; ``outside`` says why the person is not in the rate (升学 …)."""

    note: str
    steps: tuple[Step, ...]
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    kind: str | None = None
    since: str | None = None
    place: str | None = None
    employer: str | None = None
    post: str | None = None
    term: str | None = None
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Subsidy:
    name: str
    span: str
    used: str
    state: str


@dataclass(frozen=True, slots=True)
class NextContact:
    day: str | None = None
    channel: str | None = None
    staff: str | None = None
    reason: str | None = None


class Signing(Enum):
    """Whether the person signs this month."""

    IN_PERSON = "in_person"
    PHONE_ONLY = "phone_only"
    NO_SERVICE = "no_service"


@dataclass(frozen=True, slots=True)
class Graduate:
    school: str | None = None
    major: str | None = None
    graduated: str | None = None


@dataclass(frozen=True, slots=True)
class PersonSheet:
    """帮扶对象月度跟踪服务表 of one person.

    Attributes:
        file_no: number of the file at the station; never the ID number (it names the saved file).
        birth: ISO; printed only where nothing is masked, the age otherwise.
        registration, insured_at: from the register: never ruled for the pen.
        steps: None where no template is meant for the person.
        signing_lines: who called when, or when the first contact is due.
    """

    file_no: str
    name: str
    sex: str | None
    age: int | None
    birth: str | None
    id_number: str | None
    phone: str | None
    education: str | None
    registration: str | None
    hukou: str | None
    hukou_kind: str | None
    address: str | None
    insured_at: str | None
    missing: int = 0
    graduate: Graduate | None = None
    categories: tuple[Category, ...] = ()
    plan: Plan | None = None
    plan_asked: bool = True
    services: tuple[Service, ...] = ()
    service_note: str = ""
    steps: StepRound | None = None
    placement: Placement | None = None
    subsidies: tuple[Subsidy, ...] = ()
    contact: NextContact | None = None
    summary: str | None = None
    signing: Signing = Signing.IN_PERSON
    signing_lines: tuple[str, ...] = ()

    def count(self, counting: Counting) -> int:
        """Events of one kind on this sheet."""
        return sum(s.counting is counting for s in self.services)


@dataclass(frozen=True, slots=True)
class MonthReport:
    """All papers of a period.

    Attributes:
        masked: identity as the paper shows it when it leaves the station.
        own_signature: the person has a block in the signature row.
        barriers: words of the tick boxes, in order.
        sheets_complete: the sheets are those of everybody the cover counts, so they are held against it.
    """

    printed: Printed
    period: Period
    cover: Cover | None
    sheets: tuple[PersonSheet, ...]
    barriers: tuple[str, ...]
    masked: bool = True
    own_signature: bool = True
    sheets_complete: bool = True


def masked(sheet: PersonSheet) -> PersonSheet:
    """The sheet without birth date, whole ID number and whole phone number. Free text stays as it is."""
    return replace(
        sheet,
        birth=None,
        id_number=hidden(sheet.id_number, Secret.ID_NUMBER) if sheet.id_number else None,
        phone=hidden(sheet.phone, Secret.PHONE) if sheet.phone else None,
    )
