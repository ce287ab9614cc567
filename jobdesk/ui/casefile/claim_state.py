"""What 认定 shows of categories and applications. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.basis import Basis
from jobdesk.cases.claim import CLOSED, MAY, NEEDS, Act, Claim, ClaimView
from jobdesk.cases.due import Agenda
from jobdesk.cases.hardship import verdicts
from jobdesk.cases.ops import Json
from jobdesk.cases.recognising import differs, verifications_of, view
from jobdesk.cases.recognition_states import RUNNING, VALID
from jobdesk.cases.registration_spells import Standing, three_states
from jobdesk.cases.rules.pack import Entry
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.verdict import Outcome, Verdict
from jobdesk.host import code_lists
from jobdesk.host.fact_words import missing_words
from jobdesk.host.strings import has, text
from jobdesk.reports.recognition_papers import CLAIM_PAPERS
from jobdesk.services.case_files import CaseFile, Held
from jobdesk.ui.case_words import Words

MOST_MISSING = 4
STATE_LOOKS = {
    "recognised": "ok", "review": "ok", "ledger": "blank", "": "blank", "refused": "bad", "appealed": "warn",
    "exited": "plain", "withdrawn": "plain",
}  # fmt: skip
_OUTCOME_LOOKS = {"met": "ok", "not_met": "plain", "unknown": "warn"}


def c(key: str, /, **params: object) -> str:
    """A sentence of this page."""
    return text(f"claim.{key}", **params)


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """One category.

    Attributes:
        mark, look: the chip: 可申请认定, 无法判断, 不符合.
        more: what is missing, or that there is a recognition of it already.
        may_apply: an application may be opened from here.
        near: shown without asking for all.
    """

    code: str
    name: str
    mark: str
    look: str
    more: str
    basis: Basis
    may_apply: bool
    near: bool


@dataclass(frozen=True, slots=True)
class GroundLine:
    words: str
    look: str
    bases: tuple[tuple[str, Basis], ...]


@dataclass(frozen=True, slots=True)
class StepMark:
    words: str
    look: str


@dataclass(frozen=True, slots=True)
class ClaimState:
    """One application or recognition as its card shows it.

    Attributes:
        differs: that the decision and what the rules said on its day differ.
    """

    held: Held
    view: ClaimView
    title: str
    state: str
    look: str
    steps: tuple[StepMark, ...]
    next: str
    overdue: bool
    basis: Basis | None
    notes: tuple[tuple[str, str, str], ...]
    lines: tuple[str, ...]
    looked: tuple[tuple[str, str], ...]
    papers: tuple[str, ...]
    past: bool
    differs: str = ""


def situation(file: CaseFile) -> Situation | None:
    """The person today, as rules read it."""
    return file.agenda.situation(file.facts) if file.agenda is not None else None


def categories(file: CaseFile) -> tuple[CategoryLine, ...]:
    """Every category of today's packs: open ones first, then what cannot be judged, then the others."""
    at = situation(file)
    if at is None:
        return ()
    table = code_lists.table("hardship")
    held = {r.text("category"): r.text("state") for r in file.facts.of("recognition")}
    busy = {k for k, s in held.items() if s in RUNNING | VALID}
    found: list[tuple[int, int, CategoryLine]] = []
    for one in verdicts(at).categories:
        verdict = one.verdict
        outcome = verdict.outcome
        if outcome is Outcome.MET:
            mark, look = (c("may_apply"), "ok") if one.may_apply else (c("met_barred"), "warn")
        else:
            mark, look = c(outcome.value), _OUTCOME_LOOKS[outcome.value]
        missing = _missing(verdict)
        has_it = c("has", state=_state_name(held[one.code])) if one.code in held else ""
        more = has_it or (c("missing", facts=missing) if missing and outcome is Outcome.UNKNOWN else "")
        rank = (Outcome.MET, Outcome.UNKNOWN, Outcome.NOT_MET).index(outcome)
        line = CategoryLine(
            one.code, table.name_of(one.code), mark, look, more, verdict.basis(),
            one.code not in busy, outcome is Outcome.MET or one.code in held or _hints(verdict),
        )  # fmt: skip
        found.append((rank, len(verdict.missing), line))
    return tuple(line for _, _, line in sorted(found, key=lambda f: (f[0], f[1], f[2].code)))


def _hints(verdict: Verdict) -> bool:
    """Whether something of its own speaks for a category that cannot be judged yet."""
    if verdict.outcome is not Outcome.UNKNOWN:
        return False
    base = {f.name for s in verdict.steps if s.key == "hardship.base" for f in s.facts}
    return any(f.outcome is Outcome.MET and f.name not in base | {"urban", "employed"} for f in verdict.facts)


def _missing(verdict: Verdict) -> str:
    names = list(dict.fromkeys(_plain_missing(n) for n in verdict.missing))
    shown = "、".join(names[:MOST_MISSING])
    return shown + (c("more_missing", count=len(names)) if len(names) > MOST_MISSING else "")


def _plain_missing(name: str) -> str:
    return missing_words(name)


def grounds(file: CaseFile) -> GroundLine | None:
    """不予认定 ①–③ in one line, each with its trace."""
    at = situation(file)
    if at is None:
        return None
    found = verdicts(at).grounds
    named = [(_ground(v), v) for v in found]
    met = [n for n, v in named if v.outcome is Outcome.MET]
    unknown = [n for n, v in named if v.outcome is Outcome.UNKNOWN]
    bases = tuple((n, v.basis()) for n, v in named)
    if met:
        return GroundLine(c("grounds_met", grounds="、".join(met)), "bad", bases)
    if unknown:
        return GroundLine(c("grounds_unknown", grounds="、".join(unknown)), "warn", bases)
    return GroundLine(c("grounds_none"), "ok", bases)


def _ground(verdict: Verdict) -> str:
    key = f"claim.ground_{verdict.key.rsplit('.', 1)[-1]}"
    return text(key) if has(key) else verdict.key


def claims(file: CaseFile, words: Words) -> tuple[ClaimState, ...]:
    """Applications on their way first, then what is valid, what a sheet says, what is over."""
    agenda = file.agenda
    if agenda is None:
        return ()
    made = [_claim(h, file, agenda, words) for h in file.held("recognition")]
    return tuple(sorted(made, key=_rank))


def _rank(one: ClaimState) -> tuple[int, str]:
    state = one.view.state
    order = 0 if state in RUNNING or state == "appealed" else 1 if state in VALID else 2
    return (3 if one.past else order, one.held.record.id)


def _claim(held: Held, file: CaseFile, agenda: Agenda, words: Words) -> ClaimState:
    record = held.record
    looked = verifications_of(record.id, file.facts.of("verification"))
    claim = Claim(record.values(), "person", agenda.packs, agenda.days, agenda.today, looked)
    seen = view(claim)
    state = record.text("state") or "ledger"
    title = code_lists.table("hardship").name_of(record.text("category")) if record.text("category") else ""
    due = seen.next
    return ClaimState(
        held, seen, title or record.text("category_text") or c("category"), _state_name(state),
        STATE_LOOKS.get(state, "warn"), tuple(_step(s.key, s.on, s.state, words) for s in seen.steps),
        _next(seen, agenda, words), bool(due and due.day and due.day < agenda.today),
        due.basis("recognition", record.id) if due else None,
        tuple(_note(n) for n in seen.notes), _lines(held, words, seen.term, seen.publicity),
        tuple((_looked_words(r.values, words), r.text("finding")) for r in looked),
        papers_of(record.values(), seen),
        state in CLOSED and "notify" not in {a.value for a in seen.acts}, differs_words(record.values()),
    )  # fmt: skip


def differs_words(values: Mapping[str, Json]) -> str:
    """That the county decided other than the rules say; empty where the two agree. It forbids nothing."""
    found = differs(values)
    return c(f"differs_{found}") if found else ""


def _state_name(state: str) -> str:
    return code_lists.table("recognition_state").name_of(state or "ledger")


def _step(key: str, on: str, state: str, words: Words) -> StepMark:
    name = c(f"step.{key}")
    if state == "done":
        return StepMark(f"{name} {words.day(on)}" if on else name, "bad" if key == "refused" else "ok")
    if state == "now":
        return StepMark(f"{name} {words.day(on)}" if on else name, "solid")
    return StepMark(name, "outline")


def steps_shown(view_: ClaimView) -> tuple[bool, ...]:
    """公示 is left out where no pack asks for it."""
    return tuple(s.state != "off" for s in view_.steps)


def _next(seen: ClaimView, agenda: Agenda, words: Words) -> str:
    if not seen.acts:
        return ""
    due = seen.next
    act = c(f"act.{(due.act if due else seen.acts[0]).value}")
    if due is None or seen.state in VALID | {"ledger", "withdrawn"}:
        return ""
    if due.day is None:
        return f"{act}　{c('no_day')}"
    if due.day < agenda.today:
        return f"{act}　{c('due_overdue', day=words.day(due.day.isoformat()), days=-agenda.away(due.day))}"
    return f"{act}　{c('due', day=words.day(due.day.isoformat()))}"


def _note(name: str) -> tuple[str, str, str]:
    looks = {"no_verification": "bad", "verification_open": "warn", "unchecked": "blank"}
    tip = c("no_verification_tip") if name == "no_verification" else ""
    return c(name), looks[name], tip


def _lines(held: Held, words: Words, term: date | None, asked: Entry | None) -> tuple[str, ...]:
    """What was decided, and what the rules said at first check and decision."""
    record = held.record
    found: list[str] = []
    day = words.day(record.text("decided_on")) if record.get("decided_on") else ""
    parts = [record.text("decided_by"), day, record.text("decision_no")]
    if any(parts):
        found.append(c("dot").join(p for p in parts if p))
    if record.get("receipt_no"):
        found.append(text("paper.claim.filed", number=record.text("receipt_no")))
    if record.get("refusal_reason"):
        found.append(text("paper.claim.refusal_reason", reason=record.text("refusal_reason")).strip())
    if record.get("supplement_list"):
        found.append(f"{c('act.supplement')}：{'；'.join(record.text('supplement_list').splitlines())}")
    found += _reviewed(record.values(), words)
    kept = record.get("snapshot")
    if isinstance(kept, dict):
        for name, key in (("station", "snapshot"), ("county", "snapshot_county")):
            found += _kept(kept.get(name), key, words)
    if record.text("state") in VALID:
        found.append(c("term", day=words.day(term.isoformat())) if term else c("no_term"))
    if asked is None and record.text("state") in RUNNING:
        found.append(c("no_publicity"))
    return tuple(found)


def _reviewed(values: Mapping[str, Json], words: Words) -> list[str]:
    """When a review was asked for, how it ended, and how the recognition was left."""

    def said(name: str) -> str:
        return words.value("recognition", name, values.get(name))

    found: list[str] = []
    asked, since = values.get("appealed_on"), values.get("since")
    if isinstance(asked, str) and asked:
        # one field dates both: who asks after a refusal has no recognition yet
        later = isinstance(since, str) and "" < since < asked
        key = "review" if later or values.get("state") == "review" else "appeal"
        found.append(c("dot").join((c(f"act.{key}"), said("appealed_on"))))
    if values.get("reviewed_on") and values.get("state") != "review":
        parts = (c("reviewed"), said("reviewed_on"), said("review_result"))
        found.append(c("dot").join(p for p in parts if p))
    if values.get("exited_on"):
        act = "withdraw" if values.get("state") == "withdrawn" else "exit"
        names = ("exited_on", "exit_code", "exit_reason", "exit_decided_by", "exit_decision_no")
        found.append(c("dot").join((c(f"act.{act}"), *(w for n in names if (w := said(n))))))
    return found


def _kept(snapshot: Json, key: str, words: Words) -> list[str]:
    if not isinstance(snapshot, dict):
        return []
    verdict, on = snapshot.get("verdict"), snapshot.get("on")
    if not isinstance(verdict, dict) or not isinstance(on, str):
        return []
    outcome = text(f"outcome.{verdict.get('outcome')}")
    return [c(key, outcome=outcome, on=words.day(on))]


def _looked_words(values: Mapping[str, Json], words: Words) -> str:

    def said(name: str) -> str:
        return words.value("verification", name, values.get(name))

    line = c("looked_line", kind=said("kind"), result=said("result"))
    who = said("by_whom") or said("staff")
    return c("dot").join(p for p in (line, said("system"), said("looked_on"), who) if p)


def papers_of(values: Mapping[str, Json], seen: ClaimView) -> tuple[str, ...]:
    """Papers that can be printed now."""
    wants = {
        "claim_receipt": "accepted_on", "claim_supplement": "supplement_on",
        "claim_refusal": "refusal_reason", "claim_exit": "exited_on",
    }  # fmt: skip
    shown: list[str] = []
    for paper in CLAIM_PAPERS:
        if paper == "claim_publicity":
            if seen.publicity is not None or values.get("publicity_from"):
                shown.append(paper)
        elif paper == "claim_exit" and seen.state != "exited":
            continue
        elif paper not in wants or values.get(wants[paper]):
            shown.append(paper)
    return tuple(shown)


def fields_of(act: Act, state: str = "") -> tuple[str, ...]:
    """What the form of an act asks for, the day first; the result of a review only after an appeal."""
    more = [n for n in MAY.get(act, ()) if n != "review_result" or state == "appealed"]
    return (*NEEDS[act], *more)


def states(file: CaseFile) -> Sequence[Standing]:
    """失业登记, 困难认定, 政策享受 today."""
    iso = file.agenda.iso if file.agenda is not None else ""
    return three_states(file.facts, iso)
