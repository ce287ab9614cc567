"""Why: the answer of every computed number, date and reminder to 查看依据.

A basis names the rule and where it stands, the dates and figures that went in, and the records that
were counted and those that were not, each with the reason as a code (``why.<code>`` in the strings).
"""

from __future__ import annotations

from dataclasses import dataclass

from jobdesk.cases.codes import Status

Params = tuple[tuple[str, str | int], ...]
"""Names and values for a sentence, in a fixed order; ``dict(params)`` fills it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands. ``document`` is ``jobdesk`` for a figure of our own."""

    document: str
    clause: str = ""


OWN = Source("jobdesk", "自定")
AGREED = Source("", "")
"""No document: a date that was typed or agreed; the counted records say where."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A record that a rule has looked at.

    Attributes:
        why: ``counted`` or the reason why not.
        day: the day it is listed by, ISO of any precision, empty when it has none.
    """

    kind: str
    id: str
    why: str = "counted"
    day: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """One fact that a pack's rule compared (see ``rules.verdict.FactUsed``); words under ``fact.<name>``."""

    name: str
    shown: str
    op: str
    wanted: str
    outcome: str
    unchecked: bool = False
    change: tuple[tuple[str, str], ...] = ()
    heard: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A rule or figure that a pack's rule refers to. ``outcome`` is empty for a figure."""

    key: str
    sentence: str
    outcome: str
    source: Source | None
    status: Status
    note: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """The trace of one computed thing.

    Attributes:
        rule: key of the rule's sentence, ``rule.<key>`` in the strings.
        status: ``own`` is shown as 自定, ``unconfirmed`` as 待确认, ``lapsed`` as 原规划期已满.
        dates: (name, ISO date) pairs that went in.
        counted, not_counted: records looked at; together all that the rule reads.
        notes: what the reader must know besides, as codes (``note.<code>``).
        sentence: of a pack's rule: its words, which stand instead of ``rule.<key>``.
        outcome: ``met``, ``not_met``, ``unknown``, or empty for what is no verdict.
        facts, missing, steps: of a pack's rule: what it compared, what it lacked, what it refers to.
        remark: of a pack's entry: its ``note``, in its own words.
    """

    rule: str
    source: Source = OWN
    status: Status = "own"
    dates: tuple[tuple[str, str], ...] = ()
    counted: tuple[Seen, ...] = ()
    not_counted: tuple[Seen, ...] = ()
    notes: tuple[str, ...] = ()
    params: Params = ()
    sentence: str = ""
    outcome: str = ""
    facts: tuple[Checked, ...] = ()
    missing: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    remark: str = ""
