"""Lines about money and posts: subsidies that near their end, and policies a person was not told of."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from zlib import crc32

from jobdesk.cases.basis import Basis, Step
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place, with_term
from jobdesk.cases.due_ends import ends, served_since
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.policy_matching import match, untold
from jobdesk.cases.rules.subsidy_ends import LIMIT, Usage, month_end, usages
from jobdesk.cases.rules.subsidy_months import families, month_no


def subsidy_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """Two looks before a shared limit, retirement or a typed end (自定); one where only the end was typed."""
    subsidies = facts.of("subsidy")
    if not subsidies and not facts.of("public_post"):
        return
    if _is_far(facts, agenda):
        return
    shared = frozenset[str]().union(*families(agenda.packs, agenda.today).values())
    yield from ends(
        facts, agenda, postponed, [r for r in subsidies if r.text("kind") not in shared], DueKind.SUBSIDY_END
    )
    found = usages(facts, agenda.packs, agenda.today)
    in_payment = {r.id for usage in found for r in usage.running}
    shown: set[date] = set()
    for usage in found:
        if usage.end is not None and usage.end[0] not in shown:
            shown.add(usage.end[0])
            yield from _looks(facts, agenda, postponed, usage)
    ended = [r for r in subsidies if r.text("kind") in shared and r.id not in in_payment]
    if ended and not shown:
        yield from ends(facts, agenda, postponed, ended, DueKind.SUBSIDY_END)


def _is_far(facts: CaseFacts, agenda: Agenda) -> bool:
    """Whether nothing can end soon: no typed end within the first warning's reach, and months enough left.

    Counted as if every month since the first start had been paid; most of the files are left here.
    """
    if facts.text("pension_since"):
        return False
    ahead = max(
        agenda.packs.number("subsidies.first_warning_days", agenda.today),
        agenda.packs.number("subsidies.last_warning_days", agenda.today),
        agenda.figures.value("end_warning_days", 30),
    )
    near = (agenda.horizon + timedelta(days=ahead)).isoformat()[:7]
    limit = agenda.packs.number(LIMIT, agenda.today)
    most, first = 0, "9999-01"
    for kind in ("subsidy", "public_post"):
        for record in facts.of(kind):
            values = record.values
            until, since = record.text("until"), record.text("since")
            begun = PartialDate.parse(since)
            if (until and until[:7] <= near) or begun is None or begun.month is None or values.get("policy"):
                return False
            if values.get("extension"):
                return False
            before = values.get("months_before")
            most += before if isinstance(before, int) else 0
            first = min(first, since)
    most += month_no(agenda.today) - (int(first[:4]) * 12 + int(first[5:7]) - 1) + 1
    ahead += (agenda.horizon - agenda.today).days
    return limit - most > ahead // 28 + 1


def _looks(facts: CaseFacts, agenda: Agenda, postponed: Postponed, found: Usage) -> Iterator[DueLine]:
    assert found.end is not None
    packs, today, end = agenda.packs, agenda.today, found.end[0]
    first = packs.number("subsidies.first_warning_days", today, agenda.figures.value("end_warning_days", 30))
    last = packs.number("subsidies.last_warning_days", today, agenda.figures.value("end_warning_days", 30))
    kept = packs.number("subsidies.kept_days", today, agenda.figures.value("end_kept_days", 30))
    if end + timedelta(days=kept) < today and not found.over:
        return
    opened = day_of(facts.text("opened_on"))
    looks = [(end - timedelta(days=first), "first"), (end - timedelta(days=last), "")]
    term = {"first": "subsidies.first_warning_days", "": "subsidies.last_warning_days"}
    if opened is not None:
        looks = [(max(look, opened), part) for look, part in looks]
    if looks[1][0] <= max(today, looks[0][0]):
        looks = looks[1:]
    paid = [r for r in found.running if r.kind == "subsidy"]
    if not paid and found.ended_by == "typed":
        return  # the post itself asks at its end
    record = paid[-1] if paid else found.running[-1]
    params = (
        ("until", end.isoformat()), ("latest", found.end[1].isoformat()), ("days", (end - today).days),
        ("kind", record.text("kind") if paid else "public_post"),
        ("family", found.family), ("by", found.ended_by),
        ("extension", "open" if found.extension.asks else ""), ("over", found.over),
        ("unchecked", int(found.unchecked)),
    )  # fmt: skip
    for look, part in looks:
        if look > agenda.horizon or served_since(facts, agenda, look.isoformat()):
            continue

        def basis(key: str = term[part]) -> Basis:
            return with_term(found.basis(), packs.figure(key, today), today)

        line = place(
            agenda, facts.case_id, DueKind.SUBSIDY_END, record.id, look, basis, part=part,
            postponed=postponed, params=params,
        )  # fmt: skip
        if line is not None:
            yield line
            return


def told_slot(case_id: str, today: date) -> date:
    """The person's next day for being told: the 7th, 14th, 21st or last of a month (自定), a quarter each."""
    return _told_in(crc32(case_id.encode()) % 4, today)


@functools.lru_cache(maxsize=8)
def _told_in(week: int, today: date) -> date:
    for month in (month_no(today), month_no(today) + 1):
        last = month_end(month)
        day = last if week == 3 else last.replace(day=7 * (week + 1))
        if day >= today:
            return day
    raise AssertionError("a month has its days")


def policy_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterable[DueLine]:
    """告知政策: one line a person, at the next agreed contact; without one on one of four days of the month.

    It is made for this week only: it hurries nobody, and the place 政策 lists everybody at any time.
    """
    if not agenda.packs.packs:
        return ()
    typed = facts.text("next_contact")
    if typed > agenda.week_end_iso and len(typed) == 10:
        return ()
    contact = day_of(typed) if typed else None
    agreed = contact is not None and contact >= agenda.today
    due = contact if contact is not None and agreed else told_slot(facts.case_id, agenda.today)
    return () if due > agenda.week_end else _policies(facts, agenda, postponed, due)


def _policies(facts: CaseFacts, agenda: Agenda, postponed: Postponed, due: date) -> Iterator[DueLine]:
    at = agenda.situation(facts)
    wanted = untold(at, agenda.rules)
    if not wanted:
        return

    def basis() -> Basis:
        circles = [(c, match(c, at).circle.basis()) for c in wanted]
        seen = dict.fromkeys(s for _, b in circles for s in b.counted)
        titles = dict.fromkeys(c.paper_title for c in wanted)  # the line stands in a list: no category
        return Basis(
            "tell_policy", dates=(("agreed", due.isoformat()),), counted=tuple(seen),
            params=(("count", len(wanted)), ("policies", "、".join(titles))),
            steps=tuple(Step(c.entry.key, c.paper_title, b.outcome, b.source, b.status) for c, b in circles),
        )  # fmt: skip

    line = place(
        agenda, facts.case_id, DueKind.TELL_POLICY, "", due, basis, postponed=postponed,
        params=(("count", len(wanted)), ("policies", ",".join(c.code for c in wanted))),
    )  # fmt: skip
    if line is not None:
        yield line
