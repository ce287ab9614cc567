"""Whatever year stands in whatever date of a file: nothing that is worked out of it fails (0001 to 9999)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jobdesk.cases import schema
from jobdesk.cases.due_lines import due_lines, household_lines, vacancy_line
from jobdesk.cases.due_order import standing
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.next_contact import contact_on
from jobdesk.cases.oddities import oddities
from jobdesk.cases.ops import Json
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.policy_matching import quick_matches
from jobdesk.cases.problems import problems_of
from jobdesk.cases.progress import progress
from jobdesk.cases.schema import RECORDS, FieldType
from jobdesk.cases.summary import summary_of
from jobdesk.cases.tiers import tier_code
from jobdesk.host.template_files import summary_rules, template
from tests.cases.files import FIGURES, agenda
from tests.cases.hardship_files import PACKS
from tests.cases.lines_of import WORKING

DATES = (FieldType.DAY, FieldType.DATE, FieldType.MONTH)
TODAY = date(2026, 7, 15)
CODES: dict[str, tuple[Json, ...]] = {
    "type": ("HF", "ZYZD", "GWTJ"), "state": ("recognised", "applied", "exited"), "kind": ("social_unit", "flexible"),
    "source": ("system", "document", ""), "category": ("40_50", "zero_member"), "sex": ("1", "2"),
    "help_state": ("open",), "graduate_kind": ("university",), "retirement_type": ("cadre",),
}  # fmt: skip


@st.composite
def days(draw: st.DrawFn) -> str:
    day = draw(
        st.one_of(st.dates(), st.dates(date(9990, 1, 1)), st.dates(date(2024, 1, 1), date(2028, 1, 1)))
    )
    parts = draw(st.sampled_from((3, 3, 2, 1)))
    return PartialDate(*(day.year, day.month, day.day)[:parts]).iso()


@st.composite
def values(draw: st.DrawFn, kind: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for declared in RECORDS[kind]:
        if declared.name in ("merged_into", "deceased_on") or not draw(st.booleans()):
            continue
        if declared.type in DATES:
            found[declared.name] = draw(days())
        elif declared.type is FieldType.BOOL:
            found[declared.name] = draw(st.booleans())
        elif declared.type is FieldType.INT:
            found[declared.name] = draw(st.sampled_from((0, 7, -1, 2**53 - 1, 1 - 2**53)))
        elif declared.name in CODES:
            found[declared.name] = draw(st.sampled_from(CODES[declared.name]))
    return found


@st.composite
def files(draw: st.DrawFn) -> CaseFacts:
    root = {**draw(values("case")), "help_state": "open", "name": "甲"}
    kinds = draw(st.lists(st.sampled_from(sorted(schema.CHILDREN["case"])), max_size=5))
    records: dict[str, tuple[Rec, ...]] = {}
    for n, kind in enumerate(kinds):
        records[kind] = (*records.get(kind, ()), Rec(kind, f"r{n}", draw(values(kind))))
    return CaseFacts("c1", root, records)


@st.composite
def homes(draw: st.DrawFn) -> CaseFacts:
    root = {**draw(values("household")), "kind": "zero", "state": "recognised"}
    members = [
        Rec("member", f"m{n}", {**draw(values("member")), "case": "c1"})
        for n in range(draw(st.integers(0, 2)))
    ]
    rungs = [Rec("rung", "g", draw(values("rung")))]
    return CaseFacts("h1", root, {"member": tuple(members), "rung": tuple(rungs)})


def without_a_day(opened_on: str) -> CaseFacts:
    """Facts speak for 退出认定, and no day in the file is one that rules count in."""
    said: dict[str, Json] = {
        "state": "recognised",
        "category": "40_50",
        "source": "document",
        "since": "9999",
    }
    root: dict[str, Json] = {
        "name": "甲", "help_state": "open", "opened_on": opened_on, "local_hukou": False, "notice_on": "2026-05-01",
    }  # fmt: skip
    return CaseFacts("c1", root, {"recognition": (Rec("recognition", "r0", said),)})


NO_HOME = CaseFacts("h1", {"kind": "zero", "state": "recognised"}, {})


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(files(), homes())
@example(without_a_day("9999-12-31"), NO_HOME)
@example(without_a_day(""), NO_HOME)
def test_nothing_that_is_worked_out_of_a_file_fails(file: CaseFacts, home: CaseFacts) -> None:
    asked = replace(agenda(TODAY), packs=PACKS, days=WORKING, households={"c1": (home,)}, people={"c1": file})
    for line in (*due_lines(file, asked), *household_lines(home, asked)):
        assert line.basis and 1890 < line.due.year < 2300
    standing(file, asked)
    contact_on(file, asked)
    tier_code(file, asked.situation(file))
    quick_matches(asked.situation(file), asked.rules)
    oddities(file, TODAY)
    summary_of(file, summary_rules())
    progress(file, template(), asked.rules, TODAY)
    for kind, root in (("case", file.root), ("household", home.root)):
        problems_of(kind, root, TODAY, FIGURES, others=file)
    for record in (r for found in file.records.values() for r in found):
        problems_of(record.kind, record.values, TODAY, FIGURES, others=file, record_id=record.id)


@given(days())
def test_nor_of_a_post(until: str) -> None:
    vacancy_line("v", {"valid_until": until}, replace(agenda(TODAY), packs=PACKS, days=WORKING))
