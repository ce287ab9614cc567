"""What the papers of an application say, as plain values, from the books as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from jobdesk.cases.claim import Act, Claim
from jobdesk.cases.errors import Refused
from jobdesk.cases.facts import facts_of
from jobdesk.cases.ops import Json
from jobdesk.cases.partial_date import exact_day
from jobdesk.cases.recognising import verifications_of, view
from jobdesk.cases.registration_spells import running_spell
from jobdesk.cases.rules.pack import PackSet
from jobdesk.host.code_lists import table
from jobdesk.host.strings import text
from jobdesk.services.desk import Desk
from jobdesk.services.policies import packs_of
from jobdesk.services.staffing import staff_of
from jobdesk.store import reads
from jobdesk.store.log import Connection


@dataclass(frozen=True, slots=True)
class Looked:
    """One 核对记录 as printed."""

    kind: str
    system: str
    on: str
    result: str
    who: str


@dataclass(frozen=True, slots=True)
class Limit:
    """The county's term: the rule in words, its source, and the day it leads to."""

    sentence: str
    source: str
    day: str


@dataclass(frozen=True, slots=True)
class ClaimPaper:
    """One application.

    Attributes:
        values: the fields of the record.
        categories: (name, applied for) of every category of today's list.
        exit_reason: in words; empty where the reason is restricted or sensitive.
        remedy: as typed, else the usual one by the packs.
        publicity: a pack asks for 公示, or one was put up.
        supervision_phone: 监督电话 as the station wrote it down.
    """

    values: dict[str, Json]
    categories: tuple[tuple[str, bool], ...]
    looked: tuple[Looked, ...]
    community: str
    certificate: str
    registration: str
    work_capacity: str
    checker: str = ""
    limit: Limit | None = None
    exit_reason: str = ""
    remedy: str = ""
    publicity: bool = False
    supervision_phone: str = ""
    facts: dict[str, str] = field(default_factory=dict[str, str])

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


def day_words(iso: str) -> str:
    """2026年7月15日; a ruled date where there is none."""
    on = exact_day(iso)
    if on is None:
        return iso or text("paper.claim.blank_day")
    return text("paper.claim.day", year=on.year, month=on.month, day=on.day)


def look_order(looked_on: str, kind: str, record_id: str) -> tuple[str, int, str]:
    """核对记录 by day, those of one day as the list of kinds has them."""
    kinds = [e.code for e in table("verification_kind").entries]
    return looked_on, kinds.index(kind) if kind in kinds else len(kinds), record_id


def claim_paper(con: Connection, desk: Desk, case_id: str, record_id: str) -> ClaimPaper:
    """Everything about one application.

    Raises:
        Refused: ``claim_paper_not_yet`` when there is no such record.
    """
    state = reads.case_state(con, case_id)
    record = state.record("recognition", record_id)
    if not record.values():
        raise Refused("claim_paper_not_yet")
    facts, packs = facts_of(state), packs_of(con, desk)
    looked = verifications_of(record_id, facts.of("verification"))
    claim = Claim(record.values(), "person", packs, desk.working_days, desk.today, looked)
    names = {s.id: s.name for s in staff_of(con, desk)}
    spell = running_spell(facts, desk.today.isoformat())
    codes, code = table("hardship"), record.text("category")
    return ClaimPaper(
        values=dict(record.values()),
        categories=tuple((e.name, e.code == code) for e in codes.on(desk.today)),
        looked=tuple(
            Looked(
                table("verification_kind").name_of(r.text("kind")),
                r.text("system"),
                r.text("looked_on"),
                table("verification_result").name_of(r.text("result")),
                r.text("by_whom") or names.get(r.text("staff"), ""),
            )
            for r in sorted(looked, key=lambda r: look_order(r.text("looked_on"), r.text("kind"), r.id))
        ),
        community=facts.text("community"),
        certificate=facts.text("certificate_no"),
        registration=spell.text("since") if spell else "",
        work_capacity=table("work_capacity").name_of(facts.text("work_capacity"))
        if facts.text("work_capacity")
        else "",
        checker=names.get(record.text("station_checked_by"), ""),
        limit=limit_of(claim),
        exit_reason=exit_words(record.text("exit_code")),
        remedy=remedy_words(record.text("remedy"), packs, desk.today),
        publicity=claim.publicity() is not None or bool(record.text("publicity_from")),
        supervision_phone=reads.subject_state(con, desk.station).root.text("supervision_phone"),
    )


def remedy_words(typed: str, packs: PackSet, day: date) -> str:
    """As typed, else the usual one. The periods stand on no statute that was read, whoever typed them: the
    paper says so in either case.
    """
    said = typed.strip() or usual_remedy(packs, day)
    if not said or any(mark in said for mark in (text("app.unconfirmed"), text("paper.claim.to_confirm"))):
        return said
    return text("paper.claim.remedy_open", remedy=said.rstrip("。"))


def usual_remedy(packs: PackSet, day: date) -> str:
    """The remedy in words by the packs; it says that the county has to confirm it."""
    review, suit = packs.on("clocks.remedy.review", day), packs.on("clocks.remedy.suit", day)
    if review is None or suit is None:
        return ""
    cut = text("paper.claim.remedy_usual", review=review.sentence, suit=suit.sentence)
    return cut.replace("（待县级确认）；", "；").replace("（待县级确认）。具体", "。具体")


def exit_words(code: str) -> str:
    """The reason of an exit; empty where it is restricted or sensitive."""
    entry = table("recognition_exit").get(code) if code else None
    return entry.name if entry is not None and not (entry.sensitive or entry.restricted) else ""


def limit_of(claim: Claim) -> Limit | None:
    """The term of the whole way, from 受理 or from the day everything had come in."""
    values = {**claim.values, "state": "reported"}
    asked = Claim(values, claim.who, claim.packs, claim.days, claim.today, claim.looked)
    due = next((d for d in view(asked).due if d.act is Act.RECOGNISE), None)
    if due is None or due.day is None or due.figure is None:
        return None
    source = due.figure.source
    return Limit(due.figure.sentence, f"{source.document} {source.clause}".strip(), due.day.isoformat())
