"""Facts that policy cards and 公益性岗位 read: graduates, insurance paid, contract, startup, months left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from jobdesk.cases.basis import Seen
from jobdesk.cases.facts import Rec
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.situation import Reading, Situation, Span, missing, months_since, seen, unchecked
from jobdesk.cases.rules.subsidy_ends import usage
from jobdesk.cases.rules.subsidy_months import SOCIAL, families, members

_GRADUATES = frozenset({"university", "technician_senior", "technician_preparatory", "special_education"})
"""高校毕业生, and those who may be treated alike: 2015年实施意见（十六）."""
_STARTUP_NEEDS = frozenset({"startup_training", "startup_guidance", "loan"})
_YES, _NO = ("是", "已", "有"), ("否", "未", "无")


def graduate(at: Situation) -> Reading:
    """高校毕业生或参照人员. Missing while neither the kind nor a schooling below 大专 is written down."""
    change = (("case", "graduate_kind"), ("case", "education"))
    kind = at.facts.text("graduate_kind")
    if kind:
        return Reading(kind in _GRADUATES, (), change, at.loose("graduate_kind"))
    level = at.facts.text("education")
    return missing(*change) if not level or level[0] in "123" else Reading(False, (), change)


def secondary_graduate(at: Situation) -> Reading:
    """中职（中专）毕业生."""
    change = (("case", "graduate_kind"), ("case", "education"))
    kind = at.facts.text("graduate_kind")
    if kind:
        return Reading(kind == "secondary", (), change, at.loose("graduate_kind"))
    level = at.facts.text("education")
    return missing(*change) if not level or level[0] == "4" else Reading(False, (), change)


def graduation_year(at: Situation) -> Reading:
    """毕业年度: the calendar year in which school is left, by a confirmed date: a legal clock."""
    change = (("case", "graduated_on"),)
    left = PartialDate.parse(at.facts.text("graduated_on"))
    if left is None:
        return missing(*change)
    year = left.year == at.day.year
    if not at.is_proven("graduated_on"):
        return Reading(None, (), change, True, year)
    return Reading(year, at.proof("graduated_on"), change)


def pays_insurance(at: Situation) -> Reading:
    """社会保险费 paid in the work that runs now; missing where it is not written down."""
    change = (("placement", "insured"), ("employment", "evidence_kind"))
    return _stated(at, "insured", "insurance", change)


def registered_months_at_hire(at: Situation) -> Reading:
    """Whole months registered as unemployed when the 单位就业 of now began, by 省系统 or 文书.

    A spell that ended the day before still counts. Missing while no such work runs, or while the spell is
    known from a sheet or by word of mouth only; 0 when none ran then.
    """
    change = (("registration", "since"), ("registration", "source"), ("employment", "since"))
    hired = _hired(at)
    if hired is None:
        return missing(*change)
    began, job = hired
    spells = [r for r in at.begun("registration") if _ran_until(r, began)]
    sure = [r for r in spells if not unchecked(r)]
    if spells and not sure:
        heard = tuple(Seen(r.kind, r.id, "unchecked_source", r.text("since")) for r in spells)
        return Reading(None, heard, change, True)
    first = min((p for r in sure if (p := PartialDate.parse(r.text("since"))) is not None), default=None)
    used = (seen(job), *map(seen, sure))
    return Reading(months_since(first, began) if first is not None else 0, used, change, unchecked(job))


def hired_in_graduation_year(at: Situation) -> Reading:
    """Whether the 单位就业 of now began in the calendar year of leaving school, by a confirmed date.

    Missing while no such work runs, or while the year of leaving school is not confirmed.
    """
    change = (("case", "graduated_on"), ("employment", "since"))
    hired, left = _hired(at), PartialDate.parse(at.facts.text("graduated_on"))
    if hired is None or left is None:
        return missing(*change)
    began, job = hired
    same = began.year == left.year
    if not at.is_proven("graduated_on"):
        return Reading(None, (seen(job),), change, True, same)
    return Reading(same, (seen(job), *at.proof("graduated_on")), change, unchecked(job))


def _hired(at: Situation) -> tuple[date, Rec] | None:
    """When the established 单位就业 of now began, the one that began first."""
    jobs = [r for r in at.running("employment") if r.text("form") == "10"]
    jobs += [
        r
        for r in at.running("placement")
        if r.text("form") == "10" and "" < r.text("verified_on")[:10] <= at.iso
    ]
    starts = [(p.first, r) for r in jobs if (p := PartialDate.parse(r.text("since"))) is not None]
    return min(starts, key=lambda s: (s[0], s[1].id), default=None)


def _ran_until(spell: Rec, day: date) -> bool:
    """Whether a 失业登记 began by the day, and ran to it or to the day before."""
    since, until = PartialDate.parse(spell.text("since")), PartialDate.parse(spell.text("until"))
    if spell.values.get("registered") is False or since is None or since.first > day:
        return False
    return until is None or until.last >= day - timedelta(days=1)


def has_contract(at: Situation) -> Reading:
    """劳动合同 signed for the work that runs now."""
    change = (("placement", "contract"), ("employment", "evidence_kind"))
    return _stated(at, "contract", "contract", change)


def _stated(at: Situation, name: str, evidence: str, change: tuple[tuple[str, str], ...]) -> Reading:
    papers = [r for r in at.running("employment") if r.text("evidence_kind") == evidence]
    if papers:
        return Reading(True, tuple(map(seen, papers)), change, all(map(unchecked, papers)))
    said: list[tuple[bool, Rec]] = []
    for record in at.running("placement"):
        words = record.text(name).strip()
        if words:
            said.append((not words.startswith(_NO), record))
    if not said:
        return missing(*change)
    used = tuple(seen(r) for _, r in said)
    return Reading(any(yes for yes, _ in said), used, change, all(unchecked(r) for _, r in said))


def wants_startup(at: Situation) -> Reading:
    """创业意愿: a need of that kind was named, or a business runs. Missing while needs were not asked."""
    change = (("case", "service_needs"), ("business", "since"))
    if at.running("business"):
        return Reading(True, tuple(map(seen, at.running("business"))), change)
    needs = at.facts.root.get("service_needs")
    if not isinstance(needs, list) or not needs:
        return missing(*change)
    return Reading(any(n in _STARTUP_NEEDS for n in needs), (), change)


def runs_business(at: Situation) -> Reading:
    """A business of the person's own that runs on the day; a mere office in one is none."""
    own = [r for r in at.running("business") if r.text("form")]
    return Reading(bool(own), tuple(map(seen, own)), (("business", "form"),))


def had_internship(at: Situation) -> Reading:
    """见习 was taken part in, or its subsidy paid: 一人一次."""
    found = [r for r in at.begun("subsidy") if r.text("kind") == "internship" and r.text("since")]
    took = [
        r
        for r in at.facts.of("service")
        if r.text("type") == "JYJX"
        and r.text("engagement") in ("joined", "completed")
        and "" < r.text("served_on") <= at.iso
    ]
    used = (*map(seen, found), *map(seen, took))
    return Reading(bool(used), used, (("subsidy", "kind"), ("service", "engagement")))


def social_room(at: Situation) -> Reading:
    """社保补贴期限未满: months used of all payers together lie below the limit, or to retirement."""
    change = (("subsidy", "since"), ("subsidy", "months_before"))
    kinds = families(at.packs, at.day).get(SOCIAL, frozenset())
    records = members(at.facts, kinds)
    if not records:
        return Reading(True, (), change)
    found = usage(at.facts, at.packs, at.day, SOCIAL, records)
    used = found.months.seen()
    if found.limit is None:
        return missing(*change)
    loose = found.months.unchecked
    if found.extension.confirmed == "retirement":
        return Reading(found.ended_by != "pension", used, change, loose)
    low, high = found.months.low < found.limit, found.months.high < found.limit
    return Reading(low, used, change, loose) if low is high else missing(*change)


def social_months(at: Situation) -> Reading:
    """社保补贴已享月数, all payers together."""
    change = (("subsidy", "since"), ("subsidy", "months_before"))
    kinds = families(at.packs, at.day).get(SOCIAL, frozenset())
    months = usage(at.facts, at.packs, at.day, SOCIAL, members(at.facts, kinds)).months
    value = months.low if months.low == months.high else Span(months.low, months.high)
    return Reading(value, months.seen(), change, months.unchecked)


FACTS: Mapping[str, Callable[[Situation], Reading]] = {
    "graduate": graduate,
    "secondary_graduate": secondary_graduate,
    "graduation_year": graduation_year,
    "hired_in_graduation_year": hired_in_graduation_year,
    "registered_months_at_hire": registered_months_at_hire,
    "pays_insurance": pays_insurance,
    "has_contract": has_contract,
    "wants_startup": wants_startup,
    "runs_business": runs_business,
    "had_internship": had_internship,
    "social_room": social_room,
    "social_months": social_months,
}
"""Fact name → how it is read; words under ``fact.<name>``."""
