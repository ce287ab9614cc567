"""Whether a person belongs to the circle of a template, and stands inside its rate.

1311 belongs to graduates who have left school without work and to those treated alike
(吉就组办〔2022〕1号 二（三）, 吉就组〔2022〕2号（十四）, 2015年实施意见（十六）). 升学 and 暂无意愿 need the
person's dated statement; then they stand outside the rate, in sight (domain.md §11.8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jobdesk.cases.basis import Seen
from jobdesk.cases.facts import CaseFacts, Rec, is_open
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.templates import Circle, ServiceTemplate

_OUTSIDE_BY_WILL = {"study": "study", "none": "no_wish"}
_STATEMENTS = frozenset({"study", "no_wish", "wish"})


@dataclass(slots=True)
class Membership:
    """Where a person stands towards a template on a day.

    Attributes:
        circle: code of the circle the person belongs to; empty when to none. A person is in the rate
            of this circle only.
        why: ``member``, ``not_graduate``, ``graduate_unknown``, ``not_left``, ``employed``.
        outside: ``study`` or ``no_wish`` when a dated statement keeps the person out of the rate.
        notes: what asks for attention: ``statement_missing``, ``statement_undated``,
            ``check_registration``, ``graduated_on_missing``, ``placement_unverified``.
        seen: records that decided.
    """

    circle: str
    why: str
    outside: str = ""
    notes: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()

    @property
    def in_rate(self) -> bool:
        return bool(self.circle) and not self.outside


def membership(facts: CaseFacts, template: ServiceTemplate, day: date) -> Membership:
    """Towards the template's own circle first, then the ones a setting has added."""
    found = _towards(facts, template.circle, day)
    if found.circle or found.why == "employed":
        return found
    for circle in template.extra_circles:
        other = _towards(facts, circle, day)
        if other.circle:
            return other
    return found


def _towards(facts: CaseFacts, circle: Circle, day: date) -> Membership:
    notes: list[str] = []
    if circle.graduate_kinds:
        kind = facts.text("graduate_kind")
        if kind not in circle.graduate_kinds:
            return Membership("", "not_graduate" if kind else "graduate_unknown")
        left = PartialDate.parse(facts.text("graduated_on"))
        if left is None:
            notes.append("graduated_on_missing")
        elif left.first > day:
            return Membership("", "not_left")
    job, heard = _job(facts, day)
    if job is not None:
        return Membership("", "employed", seen=(Seen(job.kind, job.id, "employed", job.text("since")),))
    if heard:
        notes.append("placement_unverified")
    outside, more, seen = outside_rate(facts, day)
    return Membership(circle.code, "member", outside, (*notes, *more), seen)


def _job(facts: CaseFacts, day: date) -> tuple[Rec | None, bool]:
    """The running job that is established, and whether one is merely heard of (未核实)."""
    iso, heard = day.isoformat(), False
    for record in facts.of("employment"):
        if is_open(record.values, iso):
            return record, False
    for record in facts.of("placement"):
        if is_open(record.values, iso):
            if record.values.get("verified_on"):
                return record, False
            heard = True
    return None, heard


def outside_rate(facts: CaseFacts, day: date) -> tuple[str, tuple[str, ...], tuple[Seen, ...]]:
    """Why a person stands outside every rate, what is missing, and the statement that says so.

    The latest dated statement on 升学, 暂无意愿 or 就业意愿 decides, while it runs.
    """
    iso = day.isoformat()
    dated = [
        r
        for r in facts.of("statement")
        if r.text("kind") in _STATEMENTS and r.text("stated_on") and r.text("stated_on") <= iso
    ]
    latest = max(dated, key=lambda r: (r.text("stated_on"), r.id), default=None)
    if latest is not None and not (latest.text("until") and latest.text("until") < iso):
        kind = latest.text("kind")
        seen = (Seen("statement", latest.id, "counted", latest.text("stated_on")),)
        if kind == "wish":
            return "", (), seen
        notes = ("check_registration",) if _registered(facts, iso) else ()
        return kind, notes, seen
    will = _OUTSIDE_BY_WILL.get(facts.text("willingness"))
    undated = any(
        r.text("kind") in ("study", "no_wish") and not r.text("stated_on") for r in facts.of("statement")
    )
    if undated:
        return "", ("statement_undated",), ()
    return "", (("statement_missing",) if will else ()), ()


def _registered(facts: CaseFacts, iso: str) -> bool:
    return any(
        r.values.get("registered") is not False and is_open(r.values, iso) for r in facts.of("registration")
    )
