"""Due lines of applications and recognitions: the next act, 公示, 退出 prompted by facts, 无法联系."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from jobdesk.cases.basis import Basis
from jobdesk.cases.claim import Act, Claim, Due
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.leaving import PREFIX, agreed, prompted, tried, wanted
from jobdesk.cases.recognising import verifications_of, view
from jobdesk.cases.recognition_states import RUNNING, VALID
from jobdesk.cases.rules.verdict import Verdict
from jobdesk.cases.rules.vocabulary import judge

_PUBLICITY = frozenset({Act.POST, Act.EVIDENCE, Act.TAKE_DOWN})
_OWES = RUNNING | VALID | {"refused", "appealed"}


def recognition_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """The acts that are waited for, with their days, of every application."""
    for record in facts.of("recognition"):
        state = record.text("state")
        if state not in _OWES or (state in VALID and record.text("notified_on")):
            continue
        if not (record.text("applied_on") or record.text("accepted_on")):
            continue
        yield from claim_lines(facts, agenda, postponed, record)


def claim_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed, record: Rec) -> Iterator[DueLine]:
    """Lines of one application of a person."""
    looked = verifications_of(record.id, facts.of("verification"))
    seen = view(Claim(record.values, "person", agenda.packs, agenda.days, agenda.today, looked))
    for due in seen.due:
        if due.day is None or due.begun is None:
            continue
        kind = DueKind.PUBLICITY if due.act in _PUBLICITY else DueKind.CLAIM
        line = place(
            agenda, facts.case_id, kind, record.id, due.day, _why(due, record.id), part=due.act.value,
            postponed=postponed,
            params=(("act", due.act.value), ("no_verification", int("no_verification" in seen.notes))),
        )  # fmt: skip
        if line is not None:
            yield line


def _why(due: Due, record: str) -> Callable[[], Basis]:
    return lambda: due.basis("recognition", record)


def leave_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """Facts that speak for 退出认定, one line for each valid recognition; nothing ends by itself."""
    valid = [
        r
        for r in facts.of("recognition")
        if r.text("state") in VALID and not (r.text("until") and r.text("until") <= agenda.iso)
    ]
    if not valid:
        return
    at = agenda.situation(facts)
    codes = prompted(at)
    if not codes:
        return
    verdicts = {code: judge(PREFIX + code, at) for code in codes}
    wait = agenda.packs.figure("clocks.leave", agenda.today)
    opened = day_of(facts.text("opened_on"))
    for record in valid:
        since = day_of(record.text("since")) or day_of(record.text("decided_on"))
        days = {code: _began(facts, verdicts[code], since, opened) for code in codes}
        kept = record.text("reviewed_on")
        left = [c for c in codes if not kept or ((day := days[c]) is not None and kept < day.isoformat())]
        if not left:
            continue
        # where the file says no day that can be counted from, it is asked now and nothing is overdue
        first = min(left, key=lambda c: (days[c] or agenda.today, c))
        due = agenda.by_pack(days[first] or agenda.today, wait)
        line = place(
            agenda, facts.case_id, DueKind.LEAVE, record.id, due, verdicts[first].basis, part=first,
            postponed=postponed, params=(("reasons", ",".join(left)),),
        )  # fmt: skip
        if line is not None:
            yield line


def _began(facts: CaseFacts, verdict: Verdict, *own: date | None) -> date | None:
    """The day of the facts behind a reason, or a later one of the recognition's and the file's ``own``; None
    where no day is known.
    """
    iso = [s.day for f in verdict.facts for s in f.seen if s.day]
    if verdict.key == PREFIX + "pension":
        iso.append(facts.text("pension_since"))
    if verdict.key == PREFIX + "no_contact":
        iso.append(facts.text("unreachable_agreed_on"))
    found = [d for d in (*(day_of(i) for i in iso if i), *own) if d is not None]
    return max(found, default=None)


def unreachable_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Sequence[DueLine]:
    """Attempts suffice for 无法联系; who supervises the station has not agreed (待确认)."""
    services = facts.of("service")
    asked = wanted(agenda.packs, agenda.today).days
    if asked is None or len(services) < asked:
        return ()
    unanswered, unmet = agenda.rules.attempt_outcomes, 0
    for record in services:
        values = record.values
        unmet += values.get("engagement") == "attempt" or values.get("outcome") in unanswered
    if unmet < asked:
        return ()
    found = tried(facts, agenda.rules, agenda.packs, agenda.today)
    if not found.founded or (agreed(facts) and facts.text("unreachable_agreed_on") >= found.days[-1]):
        return ()
    last = day_of(found.days[-1]) or agenda.today
    line = place(
        agenda, facts.case_id, DueKind.UNREACHABLE, "", last, lambda: found.basis, postponed=postponed,
        params=(("attempts", len(found.days)),),
    )  # fmt: skip
    return () if line is None else (line,)
