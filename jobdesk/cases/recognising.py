"""The way of an application (困难认定; 零就业家庭 goes the same way): what stands, what may be done next.

Only the county recognises or refuses; the station takes in, checks and transcribes. Pure: reads the values
of one ``CLAIM`` record. Which acts there are, what each needs and when it is due follows from the pack
``clocks``; 公示 is asked for only where a figure says for how long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from jobdesk.cases.claim import LEDGER, STATE_AFTER, Act, Claim, ClaimView, Due, Step
from jobdesk.cases.counting import deadline, span
from jobdesk.cases.facts import Rec
from jobdesk.cases.figures import add_months
from jobdesk.cases.ops import Json
from jobdesk.cases.recognition_states import RUNNING, VALID
from jobdesk.cases.rules.pack import Entry
from jobdesk.cases.working_days import WorkingDays


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
    """The last day of a 公示 that begins on ``first``: so many whole days after it, by the figure's unit."""
    return deadline(first, span(entry.value, entry.unit), days).day


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
    Act.RECOGNISE: ("clocks.decide", ("supplemented_on", "accepted_on")),
    Act.NOTIFY: ("clocks.notify", ("decided_on",)),
}
"""Act → figure and the days of which the latest starts it: a list may be completed before 受理 or after."""


def _due(claim: Claim, act: Act, asked: Entry | None) -> Due | None:
    if act is Act.RECOGNISE and claim.state == "appealed":
        return Due(act, None, claim.day("appealed_on"), None)
    if act not in _CLOCK:
        return None
    key, starts = _CLOCK[act]
    begun = max((d for d in (claim.day(n) for n in starts) if d is not None), default=None)
    if begun is None:
        return None
    if act is Act.POST and asked is None:
        return None
    figure = claim.packs.figure(key, begun)
    if figure is None or figure.value is None:
        return Due(act, None, begun, None)
    due = deadline(begun, span(figure.value, figure.unit), claim.days)
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
    if claim.state in RUNNING and claim.state != "applied":
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


def differs(values: Mapping[str, Json]) -> str:
    """Whether the county decided other than the rules said on that day: ``refused`` where they said 符合,
    ``recognised`` where they said 不符合; empty where the two agree or the rules could not say.
    """
    kept = values.get("snapshot")
    county = kept.get("county") if isinstance(kept, dict) else None
    if not isinstance(county, dict):
        return ""
    verdict = county.get("verdict")  # of a person's; a household's snapshot is the verdict itself
    outcome = (verdict if isinstance(verdict, dict) else county).get("outcome")
    state = values.get("state")
    if state in ("refused", "appealed") and outcome == "met":
        return "refused"
    return "recognised" if state in VALID and outcome == "not_met" else ""
