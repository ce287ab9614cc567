"""The way of an application (困难认定; 零就业家庭 goes the same way): what stands, what may be done next.

Only the county recognises or refuses; the station takes in, checks and transcribes. Pure: reads the values
of one ``CLAIM`` record. Which acts there are, what each needs and when it is due follows from the pack
``clocks``; 公示 is asked for only where a figure says for how long.
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
from jobdesk.cases.figures import add_months
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.working_days import WorkingDays

Who = Literal["person", "household"]
LEDGER = "ledger"
VALID = frozenset({"recognised", "review"})
"""有效: decided by the county and not yet left."""
RUNNING = frozenset({"applied", "accepted", "supplement", "checked", "publicity", "reported"})
"""An application on its way."""
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
    Act.EXIT: ("exited_on", "exit_code"),
    Act.WITHDRAW: ("exited_on",),
}
"""What must be filled in."""

MAY: Mapping[Act, tuple[str, ...]] = {
    Act.SUPPLEMENT: ("accepted_by",),
    Act.TAKE_DOWN: ("objection",),
    Act.REFUSE: ("decision_no",),
    Act.RECOGNISE: ("review_result",),
    Act.EXIT: ("exit_reason", "exit_decided_by", "exit_decision_no"),
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


def view(claim: Claim) -> ClaimView:
    """Everything that a screen, a due line or a service asks of an application."""
    asked = claim.publicity(claim.day("accepted_on"))
    acts = _acts(claim, asked)
    found = [d for a in acts for d in [_due(claim, a, asked)] if d is not None]
    found.sort(key=lambda d: d.day or date.max)
    return ClaimView(
        claim.state, acts, tuple(found), _steps(claim, asked), asked, _notes(claim), _term(claim)
    )


def state_after(claim: Claim, act: Act) -> str:
    """The state that an act leads to; the present one where it only dates something."""
    if act is Act.SUPPLEMENTED:
        return "accepted" if claim.text("accepted_on") else "applied"
    return STATE_AFTER.get(act, claim.state)


def verifications_of(claim_id: str, records: Sequence[Rec]) -> list[Rec]:
    """核对记录 beneath one application: those that name it, and those that name none."""
    return [r for r in records if r.text("claim") in ("", claim_id)]


def publicity_until(days: WorkingDays, first: date, entry: Entry) -> date:
    """The last day of a 公示 that begins on ``first``: so many whole working days after it."""
    return days.add(first, entry.value or 0)


def _acts(claim: Claim, asked: Entry | None) -> tuple[Act, ...]:
    state = claim.state
    down = bool(claim.text("publicity_down_on"))
    match state:
        case "ledger" | "withdrawn" | "found":
            return (Act.APPLY,)
        case "applied":
            first = () if claim.text("supplement_on") else (Act.SUPPLEMENT,)
            return (Act.ACCEPT, *first, Act.WITHDRAW)
        case "supplement":
            return (Act.SUPPLEMENTED, Act.WITHDRAW)
        case "accepted":
            first = () if claim.text("supplement_on") else (Act.SUPPLEMENT,)
            return (Act.CHECK, *first, Act.WITHDRAW)
        case "checked":
            posted = bool(claim.text("publicity_from"))
            return (Act.POST if asked and not posted else Act.REPORT, Act.WITHDRAW)
        case "publicity":
            shown = () if claim.text("publicity_evidence_on") else (Act.EVIDENCE,)
            return (*shown, Act.REPORT if down else Act.TAKE_DOWN, Act.WITHDRAW)
        case "reported":
            return (Act.RECOGNISE, Act.REFUSE)
        case "recognised":
            told = () if claim.text("notified_on") or not claim.text("accepted_on") else (Act.NOTIFY,)
            return (*told, Act.REVIEW, Act.EXIT)
        case "review":
            return (Act.KEEP, Act.EXIT)
        case "refused":
            told = () if claim.text("notified_on") else (Act.NOTIFY,)
            return (*told, *(() if claim.text("reviewed_on") else (Act.APPEAL,)))
        case "appealed":
            return (Act.RECOGNISE, Act.REFUSE)
        case _:
            return ()


_CLOCK: Mapping[Act, tuple[str, tuple[str, ...]]] = {
    Act.ACCEPT: ("clocks.accept", ("applied_on",)),
    Act.SUPPLEMENTED: ("clocks.supplement", ("supplement_on",)),
    Act.CHECK: ("clocks.check", ("supplemented_on", "accepted_on")),
    Act.POST: ("clocks.report", ("station_checked_on",)),
    Act.EVIDENCE: ("clocks.publicity.evidence", ("publicity_from",)),
    Act.TAKE_DOWN: ("clocks.publicity.down", ("publicity_until",)),
    Act.REPORT: ("clocks.report", ("publicity_down_on", "station_checked_on")),
    Act.RECOGNISE: ("clocks.decide", ("supplemented_on", "accepted_on", "reported_on")),
    Act.NOTIFY: ("clocks.notify", ("decided_on",)),
}
"""Act → figure and the days from which it counts, the first that is there."""


def _due(claim: Claim, act: Act, asked: Entry | None) -> Due | None:
    if act is Act.RECOGNISE and claim.state == "appealed":
        return Due(act, None, claim.day("appealed_on"), None)
    if act not in _CLOCK:
        return None
    key, starts = _CLOCK[act]
    begun = next((d for d in (claim.day(n) for n in starts) if d is not None), None)
    if begun is None:
        return None
    if act is Act.POST and asked is None:
        return None
    figure = claim.packs.figure(key, begun)
    if figure is None or figure.value is None:
        return Due(act, None, begun, None)
    due = claim.days.due(begun, figure.value)
    return Due(act, due.day, begun, figure, bool(due.guessed_years))


_WAY = ("apply", "accept", "check", "publicity", "report", "decide", "valid")
_PASSED: Mapping[str, str] = {
    "apply": "applied_on", "accept": "accepted_on", "check": "station_checked_on",
    "publicity": "publicity_down_on", "report": "reported_on", "decide": "decided_on", "valid": "",
}  # fmt: skip
_AT: Mapping[str, str] = {
    "ledger": "apply", "found": "apply", "withdrawn": "apply", "applied": "accept", "supplement": "check",
    "accepted": "check", "checked": "report", "publicity": "publicity", "reported": "decide",
    "appealed": "decide", "refused": "decide", "recognised": "valid", "review": "valid", "exited": "valid",
}  # fmt: skip


def _steps(claim: Claim, asked: Entry | None) -> tuple[Step, ...]:
    at = _AT.get(claim.state, "apply")
    if claim.state == "checked" and asked is not None and not claim.text("publicity_down_on"):
        at = "publicity"
    if claim.state == "publicity" and claim.text("publicity_down_on"):
        at = "report"
    reached = _WAY.index(at)
    found: list[Step] = []
    for place, key in enumerate(_WAY):
        on = claim.text(_PASSED[key]) if _PASSED[key] else claim.text("since")
        if claim.state == "refused" and key in ("decide", "valid"):
            if key == "decide":
                found.append(Step("refused", on, "done"))
        elif key == "publicity" and asked is None and not claim.text("publicity_from"):
            found.append(Step(key, "", "off"))
        elif place < reached:
            found.append(Step(key, on, "done"))
        elif place == reached:
            found.append(Step(key, on if key == "valid" else "", "now"))
        else:
            found.append(Step(key, "", "later"))
    return tuple(found)


def _notes(claim: Claim) -> tuple[str, ...]:
    notes: list[str] = []
    if claim.state == LEDGER:
        notes.append("unchecked")
    waits = claim.state in ("applied", "accepted", "supplement", "checked", "publicity", "reported")
    if waits and claim.state != "applied":
        if not claim.looked:
            notes.append("no_verification")
        elif any(r.text("result") in ("found", "unclear", "") for r in claim.looked):
            notes.append("verification_open")
    return tuple(notes)


def _term(claim: Claim) -> date | None:
    """Where a pack cites a term. The shipped one declares that there is none."""
    since = claim.day("decided_on") or claim.day("since")
    if claim.state not in VALID or since is None:
        return None
    figure = claim.packs.figure("clocks.term", since)
    if figure is None or figure.value is None:
        return None
    return add_months(since, figure.value * (12 if figure.unit == "year" else 1))
