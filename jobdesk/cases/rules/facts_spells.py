"""Facts about dated spells: registration, recognition, work, business, look-ups, subsidies."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jobdesk.cases.basis import Seen
from jobdesk.cases.facts import Rec, is_open
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.recognition_states import VALID
from jobdesk.cases.rules.situation import Reading, Situation, missing, months_since, seen, unchecked


def open_registrations(at: Situation) -> list[Rec]:
    """失业登记 that runs on the day, by whatever source; ``registered`` false is none."""
    return [r for r in at.running("registration") if r.values.get("registered") is not False]


def registered(at: Situation) -> Reading:
    """登记失业 on the day. A spell from a sheet counts and is 未核对."""
    found = open_registrations(at)
    change = (("registration", "since"), ("registration", "registered"))
    if not found and not at.facts.of("registration"):
        return Reading(False, (), change, True)
    return Reading(bool(found), tuple(map(seen, found)), change, bool(found) and all(map(unchecked, found)))


def months_unemployed(at: Situation) -> Reading:
    """Whole months of the running 失业登记, from its own start; missing when there is none or no date."""
    found = [r for r in open_registrations(at) if r.text("since")]
    change = (("registration", "since"),)
    if not found:
        return missing(*change)
    since = min(filter(None, (PartialDate.parse(r.text("since")) for r in found)), default=None)
    if since is None:
        return missing(*change)
    return Reading(months_since(since, at.day), tuple(map(seen, found)), change, all(map(unchecked, found)))


def employed(at: Situation) -> Reading:
    """In established work: a 就业登记 or a verified placement that runs on the day (domain.md §11.25)."""
    change = (("employment", "since"), ("placement", "verified_on"))
    found = at.running("employment")
    verified = [
        r for r in at.running("placement") if r.text("verified_on") and r.text("verified_on")[:10] <= at.iso
    ]
    heard = [r for r in at.running("placement") if r not in verified]
    good = [*found, *verified]
    if good:
        return Reading(True, tuple(map(seen, good)), change, all(map(unchecked, found)) and not verified)
    if heard:
        return Reading(None, tuple(_seen_as(r, "placement_unverified") for r in heard), change, True)
    return Reading(False, (), change)


def flexible_work(at: Situation) -> Reading:
    """灵活就业 on the day, by 就业登记 or verified placement (employment form 22)."""
    return _by_form(at, "22")


def unit_work(at: Situation) -> Reading:
    """单位就业 on the day (employment form 10)."""
    return _by_form(at, "10")


def _by_form(at: Situation, form: str) -> Reading:
    """Established work of one form; missing while such work is merely heard of (未核实)."""
    change = (("employment", "form"), ("placement", "verified_on"))
    found = [r for r in at.running("employment") if r.text("form") == form]
    placed = [r for r in at.running("placement") if r.text("form") == form]
    verified = [r for r in placed if r.text("verified_on") and r.text("verified_on")[:10] <= at.iso]
    good = [*found, *verified]
    if not good and placed:
        return Reading(None, tuple(_seen_as(r, "placement_unverified") for r in placed), change, True)
    loose = bool(good) and all(map(unchecked, found)) and not verified
    return Reading(bool(good), tuple(map(seen, good)), change, loose)


def business(at: Situation) -> Reading:
    """Has a business or an office in one: a running record, or a look-up (工商) that found one.

    Missing when nobody has looked.
    """
    change = (("business", "since"), ("verification", "result"))
    running = at.running("business")
    if running:
        return Reading(True, tuple(map(seen, running)), change, all(map(unchecked, running)))
    return _looked(at, "business", change)


def insured_by_unit(at: Situation) -> Reading:
    """在单位参保, as the look-up says; missing when nobody has looked."""
    return _looked(at, "insurance", (("verification", "result"),))


def _looked(at: Situation, kind: str, change: tuple[tuple[str, str], ...]) -> Reading:
    found = [
        r
        for r in at.facts.of("verification")
        if r.text("kind") == kind
        and r.text("result") in ("clear", "found")
        and r.text("looked_on")
        and r.text("looked_on") <= at.iso
    ]
    latest = max(found, key=lambda r: (r.text("looked_on"), r.id), default=None)
    if latest is None:
        return missing(*change)
    return Reading(latest.text("result") == "found", (Seen(latest.kind, latest.id, "counted",
                   latest.text("looked_on")),), change)  # fmt: skip


def recognitions(at: Situation, category: str = "") -> list[Rec]:
    """Valid recognitions on the day, of one category or all. 台账记载 is none."""
    return [
        r
        for r in at.facts.of("recognition")
        if (not category or r.text("category") == category) and recognition_stands(r, at.iso)
    ]


def recognition_stands(record: Rec, on: str) -> bool:
    """Whether a recognition is valid on that ISO day: decided by then, and not left by then.

    One that was left later stood on the day, whatever its state is now.
    """
    begun, left = record.text("since") or record.text("decided_on"), record.text("exited_on")
    if not begun or (begun > on and not on.startswith(begun)) or not is_open(record.values, on):
        return False
    if record.text("state") in VALID:
        return not left or left > on
    return record.text("state") == "exited" and ((left or record.text("until")) > on)


def recognised(at: Situation) -> Reading:
    """就业困难人员 by a decision of the county that stands on the day.

    One that neither 省系统 nor 文书 shows is named and leaves the answer open: nothing starts from it.
    """
    change = (("recognition", "state"), ("recognition", "source"))
    found = recognitions(at)
    sure = [r for r in found if not unchecked(r)]
    if found and not sure:
        return Reading(None, tuple(_seen_as(r, "unchecked_source") for r in found), change, True)
    return Reading(bool(sure), tuple(map(seen, sure)), change)


def categories(at: Situation) -> Reading:
    """Codes of the valid recognitions."""
    found = recognitions(at)
    return Reading(frozenset(r.text("category") for r in found), tuple(map(seen, found)),
                   (("recognition", "category"),), bool(found) and all(map(unchecked, found)))  # fmt: skip


def on_benefit(at: Situation) -> Reading:
    """领取失业保险金 on the day."""
    found = at.running("benefit")
    return Reading(bool(found), tuple(map(seen, found)), (("benefit", "since"),),
                   bool(found) and all(map(unchecked, found)))  # fmt: skip


def subsidies(at: Situation) -> Reading:
    """Kinds of subsidy that run on the day."""
    found = at.running("subsidy")
    return Reading(frozenset(r.text("kind") for r in found), tuple(map(seen, found)),
                   (("subsidy", "kind"),), bool(found) and all(map(unchecked, found)))  # fmt: skip


def had_subsidies(at: Situation) -> Reading:
    """Kinds of subsidy ever begun by the day."""
    found = at.begun("subsidy")
    return Reading(frozenset(r.text("kind") for r in found), tuple(map(seen, found)),
                   (("subsidy", "kind"),))  # fmt: skip


def first_business(at: Situation) -> Reading:
    """首次创办: the running business is marked the first; missing when none runs or it is not said."""
    change = (("business", "first_time"),)
    said = [r for r in at.running("business") if isinstance(r.values.get("first_time"), bool)]
    if not said:
        return missing(*change)
    return Reading(any(r.values.get("first_time") is True for r in said), tuple(map(seen, said)), change)


def on_public_post(at: Situation) -> Reading:
    """On a 公益性岗位 on the day."""
    found = at.running("public_post")
    return Reading(bool(found), tuple(map(seen, found)), (("public_post", "since"),))


def _seen_as(record: Rec, why: str) -> Seen:
    return Seen(record.kind, record.id, why, record.text("since"))


FACTS: Mapping[str, Callable[[Situation], Reading]] = {
    "registered": registered,
    "months_unemployed": months_unemployed,
    "employed": employed,
    "flexible_work": flexible_work,
    "unit_work": unit_work,
    "business": business,
    "first_business": first_business,
    "insured_by_unit": insured_by_unit,
    "recognised": recognised,
    "categories": categories,
    "on_benefit": on_benefit,
    "subsidies": subsidies,
    "had_subsidies": had_subsidies,
    "on_public_post": on_public_post,
}
"""Fact name → how it is read; words under ``fact.<name>``."""

TABLES: Mapping[str, str] = {
    "categories": "hardship",
    "subsidies": "subsidy_kind",
    "had_subsidies": "subsidy_kind",
}
"""Fact name → code list of its values."""
