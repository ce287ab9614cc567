"""Service templates as values: ordered steps, each satisfied by dated records, never by ticks.

Loaded from ``resources/templates/services.toml`` by ``jobdesk.host.template_files``. Nothing here knows
what 1311 is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from jobdesk.cases.basis import OWN, Source
from jobdesk.cases.codes import Status


class Counts(IntEnum):
    """What a record must show to count for a step; each includes the ones after it."""

    OFFERED = 0
    """提供: the person was served, whether or not he took it up."""
    JOINED = 1
    COMPLETED = 2

    @property
    def code(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, code: str) -> Counts:
        """Raises KeyError for a word that is none of the three."""
        return cls[code.upper()]


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """One step.

    Attributes:
        name: as the list prints it (data, not a sentence of the program).
        types: service types whose records can count: the step's own code, or its alternatives.
        distinct_posts: records count once for each different post (三次推荐是三个不同岗位).
        due_after: working days after the start of a round by which the step is asked for; 0 = never.
            A figure of our own.
    """

    code: str
    name: str
    required: int
    types: tuple[str, ...]
    counts: Counts = Counts.OFFERED
    counts_status: Status = "unconfirmed"
    distinct_posts: bool = False
    due_after: int = 0


@dataclass(frozen=True, slots=True)
class Circle:
    """For whom a template is meant.

    Attributes:
        graduate_kinds: kinds of ``graduate_kind`` that belong; empty = everybody who is unemployed.
    """

    code: str
    name: str
    graduate_kinds: frozenset[str]
    source: Source
    status: Status = "unconfirmed"


@dataclass(frozen=True, slots=True)
class ServiceTemplate:
    """An ordered bundle of steps.

    Attributes:
        circle: whose rate it is. A person served by it through ``extra_circles`` is counted in a rate
            of that circle's own, never in this one.
        repeatable: ×N: a complete round is followed by another.
        status: of the composition; ``unconfirmed`` is shown as 步骤组成待确认.
    """

    id: str
    name: str
    steps: tuple[TemplateStep, ...]
    circle: Circle
    extra_circles: tuple[Circle, ...] = ()
    repeatable: bool = False
    status: Status = "unconfirmed"
    source: Source = OWN
    note: str = ""
    is_default: bool = False
    valid_from: date | None = None
    valid_to: date | None = None

    def counting(self, counts: Counts) -> ServiceTemplate:
        """The same template where another level counts, by a setting: 自定 for every step."""
        steps = tuple(
            s if s.counts is counts else replace(s, counts=counts, counts_status="own") for s in self.steps
        )
        return replace(self, steps=steps)

    def opened_to(self, *circles: Circle) -> ServiceTemplate:
        """The same template for further circles, by a setting."""
        return replace(self, extra_circles=(*self.extra_circles, *circles))

    def step(self, code: str) -> TemplateStep | None:
        return next((s for s in self.steps if s.code == code), None)

    @property
    def required(self) -> int:
        """Services in a whole round (six for 1311)."""
        return sum(s.required for s in self.steps)
