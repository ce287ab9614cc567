"""Households made of plain values."""

from collections.abc import Mapping
from datetime import date

from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.ops import Json
from jobdesk.host import policy_files
from jobdesk.host.calendar_file import working_days

PACKS = policy_files.shipped()
DAYS = working_days()
TODAY = date(2025, 5, 14)


def case(case_id: str, root: Mapping[str, Json] | None = None, *records: tuple[str, str, Mapping[str, Json]]):
    """A file of a registered unemployed of working age, able, willing, urban."""
    usual: dict[str, Json] = {
        "name": case_id, "birth": "1980-03-01", "work_capacity": "able", "willingness": "yes",
        "hukou_kind": "10",
    }  # fmt: skip
    grouped: dict[str, list[Rec]] = {}
    for kind, record_id, values in records:
        grouped.setdefault(kind, []).append(Rec(kind, record_id, values))
    return CaseFacts(case_id, {**usual, **(root or {})}, {k: tuple(v) for k, v in grouped.items()})


def registered(record_id: str = "r1", since: str = "2025-01-10") -> tuple[str, str, Mapping[str, Json]]:
    return ("registration", record_id, {"since": since, "registered": True, "source": "system"})


def job(
    record_id: str = "p1", since: str = "2025-05-06", **more: Json
) -> tuple[str, str, Mapping[str, Json]]:
    return ("placement", record_id, {"since": since, "verified_on": since, "unit": "甲", **more})


def household(
    root: Mapping[str, Json] | None = None, *members: Mapping[str, Json], rungs: tuple[Mapping[str, Json], ...] = ()
) -> CaseFacts:  # fmt: skip
    records: dict[str, tuple[Rec, ...]] = {
        "member": tuple(Rec("member", f"m{n}", m) for n, m in enumerate(members, 1)),
        "rung": tuple(Rec("rung", f"g{n}", r) for n, r in enumerate(rungs, 1)),
    }
    return CaseFacts("H", {"kind": "zero", "head_name": "甲", **(root or {})}, records)


HEAD: Mapping[str, Json] = {"case": "A", "relation": "head", "lives_here": True}
SPOUSE: Mapping[str, Json] = {"case": "B", "relation": "spouse", "lives_here": True}


def line(**values: Json) -> Mapping[str, Json]:
    """A member without a file, labour force that is unemployed."""
    return {
        "name": "乙", "relation": "son", "birth_year": 2000, "state": "unemployed", "able": True,
        "willing": True, "hukou_kind": "10", "lives_here": True, **values,
    }  # fmt: skip


RECOGNISED: Mapping[str, Json] = {
    "state": "recognised", "decided_on": "2025-04-14", "decided_by": "县", "decision_no": "1", "source": "document",
}  # fmt: skip
