"""转岗需求 of the flexibly employed: a reason for guidance and posts (吉就组办〔2022〕1号 二（六）)."""

from __future__ import annotations

from collections.abc import Iterator

from jobdesk.cases.basis import Basis, Seen, Step
from jobdesk.cases.contacts import Sort, sort_of
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.rules.vocabulary import judge, met

RULE, DAYS = "contact.transfer", "contact.transfer.days"
ANSWERS = frozenset({"ZYZD", "GWTJ"})
"""职业指导 and 岗位推荐: what the notice asks for."""


def transfer_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """One line until guidance or a post was offered on or after the day the wish was told."""
    wish = facts.text("transfer_wish")
    if not wish:
        return
    told = facts.text("transfer_wish_on") or facts.text("opened_on")
    first, figure = day_of(told), agenda.packs.figure(DAYS, agenda.today)
    if first is None or figure is None or told > agenda.iso or _answered(facts, agenda, told):
        return
    at = agenda.situation(facts)
    if not met(RULE, at):
        return
    due = agenda.by_pack(first, figure)

    def basis() -> Basis:
        found = judge(RULE, at).basis()
        term = Step(figure.key, figure.sentence, "", figure.source, figure.status_on(agenda.today))
        return Basis(
            found.rule, found.source, found.status, (("told_on", told),),
            (*found.counted, Seen("case", facts.case_id, "counted", told)), (),
            agenda.guessed(first, due), sentence=found.sentence, outcome=found.outcome, facts=found.facts,
            steps=(*found.steps, term),
        )  # fmt: skip

    line = place(
        agenda, facts.case_id, DueKind.TRANSFER_WISH, "", due, basis,
        postponed=postponed, params=(("what", wish),),
    )  # fmt: skip
    if line is not None:
        yield line


def _answered(facts: CaseFacts, agenda: Agenda, since: str) -> bool:
    return any(
        r.text("type") in ANSWERS
        and r.text("served_on") >= since
        and sort_of(r.values, agenda.rules)[0] is Sort.SERVICE
        for r in facts.of("service")
    )
