"""An application as a value (困难认定; 零就业家庭 goes the same way): its acts and what each needs.

What may be done next, and by when, follows in ``recognising``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.due import day_of
from jobdesk.cases.facts import Rec
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.working_days import WorkingDays

Who = Literal["person", "household"]
LEDGER = "ledger"
CLOSED = frozenset({"refused", "exited", "withdrawn"})


class Act(StrEnum):
    """What can be done with an application; ``claim.act.<name>`` in the strings."""

    APPLY = "apply"
    ACCEPT = "accept"
    """受理, with a receipt."""
    SUPPLEMENT = "supplement"
    """补正: one list, told once."""
    SUPPLEMENTED = "supplemented"
    CHECK = "check"
    """初审, on 核对记录."""
    POST = "post"
    """公示: put up."""
    EVIDENCE = "evidence"
    TAKE_DOWN = "take_down"
    REPORT = "report"
    """报上级核定."""
    RECOGNISE = "recognise"
    """县级认定, transcribed."""
    REFUSE = "refuse"
    """不予认定 by the county, transcribed with reason and remedy."""
    NOTIFY = "notify"
    APPEAL = "appeal"
    """申请复核 after a refusal."""
    REVIEW = "review"
    """复核 of what was recognised begins; it stays valid meanwhile."""
    KEEP = "keep"
    """复核 ended: stays recognised."""
    EXIT = "exit"
    """退出认定 by a decision of the county."""
    WITHDRAW = "withdraw"
    """The person takes the application back."""


STATE_AFTER: Mapping[Act, str] = {
    Act.APPLY: "applied", Act.ACCEPT: "accepted", Act.SUPPLEMENT: "supplement",
    Act.CHECK: "checked", Act.POST: "publicity", Act.REPORT: "reported",
    Act.RECOGNISE: "recognised", Act.REFUSE: "refused", Act.APPEAL: "appealed", Act.REVIEW: "review",
    Act.KEEP: "recognised", Act.EXIT: "exited", Act.WITHDRAW: "withdrawn",
}  # fmt: skip
"""Acts that move the state; the others only date something (see ``state_after``)."""

DAY_OF: Mapping[Act, str] = {
    Act.APPLY: "applied_on", Act.ACCEPT: "accepted_on", Act.SUPPLEMENT: "supplement_on",
    Act.SUPPLEMENTED: "supplemented_on", Act.CHECK: "station_checked_on", Act.POST: "publicity_from",
    Act.EVIDENCE: "publicity_evidence_on", Act.TAKE_DOWN: "publicity_down_on", Act.REPORT: "reported_on",
    Act.RECOGNISE: "decided_on", Act.REFUSE: "decided_on", Act.NOTIFY: "notified_on",
    Act.APPEAL: "appealed_on", Act.REVIEW: "appealed_on", Act.KEEP: "reviewed_on", Act.EXIT: "exited_on",
    Act.WITHDRAW: "exited_on",
}  # fmt: skip
"""The field that dates the act."""

NEEDS: Mapping[Act, tuple[str, ...]] = {
    Act.APPLY: ("applied_on",),
    Act.ACCEPT: ("accepted_on", "accepted_by", "receipt_no"),
    Act.SUPPLEMENT: ("supplement_on", "supplement_list"),
    Act.SUPPLEMENTED: ("supplemented_on",),
    Act.CHECK: ("station_checked_on", "station_checked_by", "station_opinion"),
    Act.POST: ("publicity_from", "publicity_until"),
    Act.EVIDENCE: ("publicity_evidence_on",),
    Act.TAKE_DOWN: ("publicity_down_on",),
    Act.REPORT: ("reported_on",),
    Act.RECOGNISE: ("decided_on", "decided_by", "decision_no", "source"),
    Act.REFUSE: ("decided_on", "decided_by", "refusal_reason", "remedy", "source"),
    Act.NOTIFY: ("notified_on",),
    Act.APPEAL: ("appealed_on",),
    Act.REVIEW: ("appealed_on",),
    Act.KEEP: ("reviewed_on", "review_result"),
    Act.EXIT: ("exited_on", "exit_code", "exit_decided_by"),
    Act.WITHDRAW: ("exited_on",),
}
"""What must be filled in."""

MAY: Mapping[Act, tuple[str, ...]] = {
    Act.SUPPLEMENT: ("accepted_by",),
    Act.TAKE_DOWN: ("objection",),
    Act.REFUSE: ("decision_no",),
    Act.RECOGNISE: ("review_result",),
    Act.EXIT: ("exit_reason", "exit_decision_no"),
    Act.WITHDRAW: ("exit_reason",),
}
"""What may be filled in besides."""


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the way, as a stepper shows it: ``claim.step.<key>``; ``refused`` ends it.

    Attributes:
        on: ISO day on which it was passed; empty while it was not.
        state: ``done``, ``now``, ``later``; ``off`` for 公示 where no pack asks for it.
    """

    key: str
    on: str
    state: Literal["done", "now", "later", "off"]


@dataclass(frozen=True, slots=True)
class Due:
    """The day by which an act is to be done.

    Attributes:
        day: None when no rule says (a declared gap): the act is asked for without a day.
        begun: the day from which it counts.
    """

    act: Act
    day: date | None
    begun: date | None
    figure: Entry | None
    guessed: bool = False

    def basis(self, kind: str, record: str) -> Basis:
        """Why this day."""
        dates = (("counted_from", self.begun.isoformat()),) if self.begun else ()
        notes = ("workdays_guessed",) if self.guessed else ()
        seen = (Seen(kind, record, "counted", self.begun.isoformat() if self.begun else ""),)
        if self.figure is None:
            return Basis("claim_no_term", status="unconfirmed", dates=dates, counted=seen)
        entry = self.figure
        return Basis(
            entry.key, entry.source, entry.status_on(self.begun or entry.valid_from), dates, seen,
            notes=notes, sentence=entry.sentence,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One application as it stands on a day.

    Attributes:
        acts: allowed now, the next one first.
        due: days of the acts that are waited for, the nearest first.
        publicity: the figure that asks for 公示; None where none does.
        notes: ``no_verification``: nobody looked anything up for the first check (缺核对记录);
            ``verification_open``: a look-up found or left open something; ``unchecked``: only a sheet says
            so (台账记载).
        term: last day by a pack's term; None, since the shipped packs have none.
    """

    state: str
    acts: tuple[Act, ...]
    due: tuple[Due, ...]
    steps: tuple[Step, ...]
    publicity: Entry | None
    notes: tuple[str, ...] = ()
    term: date | None = None

    @property
    def next(self) -> Due | None:
        return self.due[0] if self.due else None


@dataclass(frozen=True, slots=True)
class Claim:
    """What an application is read from.

    Attributes:
        looked: 核对记录 that belong to it (``claim`` names it, or, for a person, none).
    """

    values: Mapping[str, Json]
    who: Who
    packs: PackSet
    days: WorkingDays
    today: date
    looked: Sequence[Rec] = field(default=())

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def day(self, name: str) -> date | None:
        return day_of(self.text(name)) if self.text(name) else None

    @property
    def state(self) -> str:
        return self.text("state") or LEDGER

    def publicity(self, on: date | None = None) -> Entry | None:
        """The figure that asks for 公示 of this kind, in working days; None where no pack does."""
        return self.packs.figure(f"clocks.publicity.{self.who}", on or self.today)
