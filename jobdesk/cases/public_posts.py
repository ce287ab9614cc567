"""公益性岗位 by kind: who may be placed by which document, and what a post asks for as it runs.

2015年实施意见（十七） lets nobody without a valid recognition in; 吉就组〔2022〕2号（十四）（十七） names
other people. How the two go together is 待确认: the basis document is recorded, and both are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.figures import add_months
from jobdesk.cases.rules.pack import Entry
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.verdict import Verdict
from jobdesk.cases.rules.vocabulary import judge

RULES = "public_posts."
BY_RECOGNITION = "hardship"
"""The kind that 2015（十七） governs: a valid recognition is asked for."""


@dataclass(frozen=True, slots=True)
class Entitled:
    """By which document a kind of post may take this person, and whether it is so on the day.

    Attributes:
        needs_document: the kind stands beside 2015（十七）: the basis document must be written down.
    """

    kind: str
    verdict: Verdict
    needs_document: bool


def entitled(kind: str, at: Situation) -> Entitled:
    """Whether this person may hold a post of this kind; 无法判断 for kinds that no rule describes."""
    return Entitled(kind, judge(RULES + kind, at), kind != BY_RECOGNITION)


def kinds(at: Situation) -> list[Entitled]:
    """Every kind that a rule or a declared gap describes, in the order of the packs."""
    found: list[Entitled] = []
    for key in at.packs.keys(RULES):
        versions = at.packs.versions(key)
        if any(e.kind in ("rule", "gap") and e.covers(at.day) for e in versions):
            found.append(entitled(key.removeprefix(RULES), at))
    return found


def post_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """Contract, attendance check, periodic verification, exit plan and end of every post that runs."""
    posts = facts.of("public_post")
    if not posts or not agenda.packs.packs:
        return
    opened = day_of(facts.text("opened_on"))
    for record in posts:
        since, until = day_of(record.text("since")), day_of(record.text("until"))
        if since is None or since > agenda.horizon:
            continue
        for part, due, figure in _asked(record, since, until, agenda):
            line = _line(facts, agenda, postponed, record, part, due, figure, opened)
            if line is not None:
                yield line


def _asked(
    record: Rec, since: date, until: date | None, agenda: Agenda
) -> Iterator[tuple[str, date, Entry | None]]:
    """(what, day, figure) of everything open about one post."""
    packs, today = agenda.packs, agenda.today
    if until is not None and until < today:
        kept = packs.number(RULES + "kept_days", today, 30)
        if not record.text("end_reason") and until + timedelta(days=kept) >= today:
            yield "end", until, None
        return
    if not record.text("contract_no"):
        figure = packs.figure(RULES + "contract_days", today)
        if figure is not None and figure.value is not None:
            yield "contract", since + timedelta(days=figure.value), figure
    for part, field in (("attendance", "attendance_on"), ("verification", "verified_on")):
        figure = packs.figure(f"{RULES}{part}_months", today)
        if figure is not None and figure.value is not None:
            last = day_of(record.text(field))
            due = add_months(max(last, since) if last else since, figure.value)
            if until is None or due <= until:
                yield part, due, figure
    figure = packs.figure(RULES + "exit_plan_days", today)
    if until is not None and figure is not None and figure.value is not None:
        if not record.text("exit_plan_on"):
            yield "exit_plan", until - timedelta(days=figure.value), figure
        yield "end", until, None


def _line(
    facts: CaseFacts, agenda: Agenda, postponed: Postponed, record: Rec, part: str, due: date,
    figure: Entry | None, opened: date | None,
) -> DueLine | None:  # fmt: skip
    if opened is not None and due < opened:
        due = opened

    def basis() -> Basis:
        dates = [(n, record.text(n)) for n in ("since", "until", "attendance_on", "verified_on")]
        counted = (Seen("public_post", record.id, "counted", record.text("since")),)
        shown = tuple((n, v) for n, v in dates if v)
        if figure is None:
            return Basis(f"public_post_{part}", dates=shown, counted=counted)
        return Basis(
            f"public_post_{part}", figure.source, figure.status_on(agenda.today), shown, counted,
            params=(("number", figure.value or 0),), sentence=figure.sentence,
        )  # fmt: skip

    params = (("what", part), ("post", record.text("post")), ("until", record.text("until")))
    return place(
        agenda, facts.case_id, DueKind.PUBLIC_POST, record.id, due, basis, part=part, postponed=postponed,
        params=params,
    )  # fmt: skip
