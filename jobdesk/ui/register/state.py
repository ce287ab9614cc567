"""What the register form makes of what was typed: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jobdesk.cases import completeness
from jobdesk.cases.date_spelling import read_date
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.figures import Figures
from jobdesk.cases.id_number import IdKind, IdReading, age_on, convert15, examine
from jobdesk.cases.ops import Json
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.problems import problems_of
from jobdesk.cases.rules.proofs import KIND, SOURCES
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.registering import Child
from jobdesk.ui.id_remark import region_remark

Values = Mapping[str, Json]
GRADUATE_FIELDS = ("school", "major", "graduated_on", "origin_place")
OWN_FIELDS = (
    "registered_since", "registered_source", "category", "category_source", "groups", "graduated_seen",
)  # fmt: skip
"""Fields of the form that are child records, not fields of the file itself."""
DRAFT_KEY = "register"
_SEX: Mapping[str, str] = {"male": "1", "female": "2"}


@dataclass(frozen=True, slots=True)
class Identity:
    """What the number says at once.

    Attributes:
        birth: ISO day, sex: code; empty where the number does not say.
        first_region: the remark on 首次编码地, shown and never filled into 户籍地.
        twin_number: the number a twin would have: 18 digits, also for an old one of 15.
    """

    reading: IdReading
    birth: str = ""
    sex: str = ""
    age: int | None = None
    first_region: str = ""
    twin_number: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A problem beside a field, in words."""

    field: str
    words: str
    blocks: bool


def identity(number: str, today: date) -> Identity:
    """Read the number while it is typed."""
    reading = examine(number, today)
    if reading.kind not in (IdKind.VALID, IdKind.OLD15):
        return Identity(reading)
    twin = reading.normal if reading.ok else convert15(reading.normal)
    return Identity(
        reading,
        reading.birth.isoformat() if reading.birth else "",
        _SEX[reading.sex] if reading.sex else "",
        age_on(reading.birth, today) if reading.birth else None,
        region_remark(reading.normal),
        twin,
    )


def says(found: Identity) -> str:
    """男 · 24 岁 · 2002年3月1日出生, under the number."""
    if not found.birth:
        return ""
    sex = code_lists.table("sex").name_of(found.sex) if found.sex else ""
    return text("register.says", sex=sex, age=found.age if found.age is not None else "", birth=found.birth)


def read_partial(typed: str) -> PartialDate | None:
    """A date as people spell it; a month stays a month."""
    reading = read_date(typed)
    return None if reading.ranged or reading.problem else reading.start


def read_day(typed: str) -> PartialDate | None:
    """A whole day; None for anything vaguer."""
    found = read_partial(typed)
    return found if found is not None and found.exact else None


def is_graduate(values: Values) -> bool:
    """Whether the form asks for school and graduation: 高校, 技师学院, 预备技师, 特教 alike."""
    return completeness.is_graduate(CaseFacts("", values))


def case_values(values: Values) -> dict[str, Json]:
    """The fields of the file itself, blanks left out; an old number where it belongs."""
    out: dict[str, Json] = {
        k: v for k, v in values.items() if k not in OWN_FIELDS and v not in (None, "", [])
    }
    if not is_graduate(values):
        for name in GRADUATE_FIELDS:
            out.pop(name, None)
    number = out.get("id_number")
    if isinstance(number, str):
        reading = examine(number, date.max)
        if reading.kind is IdKind.OLD15:
            del out["id_number"]
            out["old_id_number"] = reading.normal
        elif reading.ok:
            out["id_number"] = reading.normal
    return out


def children_of(values: Values, today: date, staff: str = "") -> list[Child]:
    """失业登记, the category as it is known (never 已认定), the groups, and 核对 of the graduation date.

    Args:
        staff: who sits at the desk and saw the paper.
    """
    out: list[Child] = []
    seen, left = values.get("graduated_seen"), values.get("graduated_on")
    if seen in SOURCES and left and is_graduate(values):
        paper = text("casefile.proof_paper.graduation") if seen == "document" else None
        body: dict[str, Json] = {"field": "graduated_on", "value": left, "source": seen, "document": paper,
                                 "looked_on": today.isoformat(), "staff": staff or None}  # fmt: skip
        out.append(Child(KIND, {k: v for k, v in body.items() if v}))
    since = values.get("registered_since")
    if since:
        source = values.get("registered_source") or "self"
        out.append(Child("registration", {"since": since, "registered": True, "source": source}))
    category = values.get("category")
    if category:
        source = values.get("category_source") or "self"
        out.append(
            Child("recognition", {"category": category, "state": "ledger", "source": source, "main": True})
        )
    groups = values.get("groups")
    for kind in groups if isinstance(groups, list) else []:
        out.append(Child("group", {"kind": kind, "source": "self", "checked_on": today.isoformat()}))
    return out


def problems(values: Values, today: date, figures: Figures) -> list[Told]:
    """Beside their fields, the blocking ones first for each."""
    root = case_values(values)
    number = str(root.get("id_number") or root.get("old_id_number") or "")
    found = identity(number, today)
    if found.birth and not root.get("birth"):
        root["birth"] = found.birth
    if found.sex and not root.get("sex"):
        root["sex"] = found.sex
    told = [
        Told(p.field, text(f"problem.{p.code}", **dict(p.params)), p.blocks)
        for p in problems_of("case", root, today, figures)
    ]
    for child in children_of(values, today):
        if child.record == "registration":
            told += [
                Told("registered_since", text(f"problem.{p.code}", **dict(p.params)), p.blocks)
                for p in problems_of("registration", child.values, today, figures)
                if p.field == "since"
            ]
    return told
