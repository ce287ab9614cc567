"""退出 and 无法联系: prompted by facts on their morning, by the figures and units of the packs; nothing acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jobdesk.cases import leaving
from jobdesk.cases.due import Agenda, DueKind
from jobdesk.cases.due_lines import due_lines
from jobdesk.cases.ops import Json
from jobdesk.host import policy_files
from tests.cases.files import RULES, File, agenda
from tests.cases.hardship_files import PACKS, registered
from tests.cases.lines_of import lines, only

# ---- 退出


def valid(**values: Json) -> File:
    body: dict[str, Json] = {
        "category": "JL2", "state": "recognised", "since": "2026-03-02", "source": "document", **values
    }  # fmt: skip
    return registered().add("recognition", **body)


FACTS: list[tuple[str, str, dict[str, Json], dict[str, Json]]] = [
    ("employed", "employment", {"since": "2026-07-01", "form": "10", "source": "system"}, {}),
    ("self_employed", "business", {"since": "2026-07-01", "form": "self"}, {}),
    ("study", "absence", {"kind": "study", "since": "2026-07-01"}, {}),
    ("service", "absence", {"kind": "military", "since": "2026-07-01"}, {}),
    ("custody", "absence", {"kind": "custody", "since": "2026-07-01"}, {}),
    ("pension", "", {}, {"pension_since": "2026-07"}),
    ("incapable", "", {}, {"work_capacity": "none"}),
    ("no_wish", "statement", {"kind": "no_wish", "stated_on": "2026-07-01"}, {}),
    ("moved", "", {}, {"local_hukou": False}),
]


@pytest.mark.parametrize(("code", "kind", "values", "root"), FACTS, ids=[f[0] for f in FACTS])
def test_facts_prompt_leaving_and_the_recognition_stands(
    code: str, kind: str, values: dict[str, Json], root: dict[str, Json]
) -> None:
    file = valid()
    file.root |= root
    if kind:
        file.add(kind, **values)
    line = only(file, "2026-07-15", DueKind.LEAVE)
    assert code in str(dict(line.params)["reasons"]).split(",")
    assert file.facts().of("recognition")[0].text("state") == "recognised"


def test_nothing_prompts_leaving_without_a_fact_or_a_valid_recognition() -> None:
    assert lines(valid(), "2026-07-15", DueKind.LEAVE) == []
    job: dict[str, Json] = {"since": "2026-07-01", "form": "10", "source": "system"}
    for state in ("ledger", "applied", "refused", "exited"):
        assert lines(valid(state=state).add("employment", **job), "2026-07-15", DueKind.LEAVE) == []


def test_a_public_post_is_no_reason_to_leave() -> None:
    file = valid().add("public_post", since="2026-05-01", kind="community")
    assert lines(file, "2026-07-15", DueKind.LEAVE) == []
    file.add("employment", since="2026-05-01", form="30", source="system")
    assert lines(file, "2026-07-15", DueKind.LEAVE) == [], "the 就业登记 of the post itself"
    file.add("employment", since="2026-06-01", form="10", source="system")
    assert len(lines(file, "2026-07-15", DueKind.LEAVE)) == 1, "other work beside it"


def test_a_review_after_the_fact_answers_the_prompt() -> None:
    file = valid(reviewed_on="2026-07-10").add("employment", since="2026-07-01", form="10", source="system")
    assert lines(file, "2026-07-15", DueKind.LEAVE) == []


# ---- 无法联系


def tried(*calls: tuple[str, str]) -> File:
    file = File(opened_on="2026-01-05")
    for day, how in calls:
        file.serve("HF", day, channel=how, engagement="attempt", staff="s1")
    return file


TWO_VISITS = """
pack = "county_visits"
title = "上门次数"
version = 1
[[entry]]
key = "leaving.unreachable_visits"
kind = "figure"
valid_from = 2026-01-01
region = "220102"
status = "own"
source = { document = "jobdesk", clause = "自定：本县要求上门两次" }
sentence = "其中至少 2 次上门"
value = 2
unit = "time"
"""


def test_three_days_with_a_visit_want_the_supervisor() -> None:
    assert lines(tried(("2026-07-01", "phone"), ("2026-07-02", "phone"), ("2026-07-03", "phone")), "2026-07-15", DueKind.UNREACHABLE) == []  # fmt: skip
    same = tried(("2026-07-01", "phone"), ("2026-07-01", "visit"), ("2026-07-01", "phone"))
    assert lines(same, "2026-07-15", DueKind.UNREACHABLE) == []
    file = tried(("2026-07-01", "phone"), ("2026-07-03", "phone"), ("2026-07-07", "visit"))
    assert only(file, "2026-07-15", DueKind.UNREACHABLE).due == date(2026, 7, 7)
    pack, faults = policy_files.parse("county.toml", TWO_VISITS)
    assert pack is not None and not faults, faults
    packs = replace(PACKS.replaced([pack]), region="220102")
    assert lines(file, "2026-07-15", DueKind.UNREACHABLE, packs=packs) == []  # a county asks for two visits
    file.root |= {"unreachable_agreed_by": "head", "unreachable_agreed_on": "2026-07-08"}
    assert lines(file, "2026-07-15", DueKind.UNREACHABLE) == []


def test_where_no_pack_says_how_often_nothing_can_be_judged() -> None:
    """The figures are the pack's: there is none in the program that would stand in."""
    pack = next(p for p in PACKS.packs if p.name == "leaving")
    entries = tuple(e for e in pack.entries if not e.key.startswith("leaving.unreachable_"))
    packs = PACKS.replaced([replace(pack, entries=entries)])
    file = tried(("2026-07-01", "phone"), ("2026-07-03", "phone"), ("2026-07-07", "visit"))
    assert lines(file, "2026-07-15", DueKind.UNREACHABLE, packs=packs) == []
    found = leaving.tried(file.facts(), RULES, packs, date(2026, 7, 15))
    assert not found.founded and found.basis.outcome == "unknown"
    assert found.basis.missing == ("figure:leaving.unreachable_attempts", "figure:leaving.unreachable_visits")
    some = tuple(e for e in pack.entries if e.key != "leaving.unreachable_visits")
    found = leaving.tried(
        file.facts(), RULES, PACKS.replaced([replace(pack, entries=some)]), date(2026, 7, 15)
    )
    assert not found.founded and found.basis.missing == ("figure:leaving.unreachable_visits",)
    assert leaving.tried(file.facts(), RULES, PACKS, date(2026, 7, 15)).basis.outcome == ""


def test_files_without_anything_of_this_cost_nothing_to_speak_of() -> None:
    asked: Agenda = replace(agenda(), packs=PACKS)
    assert {one.kind for one in due_lines(File(opened_on="2026-06-01").facts(), asked)} <= {
        DueKind.CONTACT_INTERVAL, DueKind.FIRST_ROUND, DueKind.NOTICE, DueKind.TELL_POLICY
    }  # fmt: skip


def test_who_has_died_is_called_by_nobody_and_the_recognition_is_looked_into() -> None:
    file = registered(deceased_on="2026-07-10", next_contact="2026-07-01", opened_on="2026-01-05")
    file.add("recognition", category="JL2", state="recognised", since="2026-02-02", source="document")
    agenda_ = replace(agenda(date(2026, 7, 15)), packs=PACKS)
    (line,) = due_lines(file.facts(), agenda_)
    assert line.kind is DueKind.LEAVE and dict(line.params)["reasons"] == "dead"


# ---- in the pack's own unit

IN_DAYS = """
pack = "county_days"
title = "按日计算"
version = 1
[[entry]]
key = "{key}"
kind = "figure"
valid_from = 2026-01-01
region = "220102"
status = "own"
source = {{ document = "jobdesk", clause = "自定：按日计算" }}
sentence = "10 日"
value = 10
unit = "day"
"""


@pytest.mark.parametrize(
    ("key", "file", "kind"),
    [
        ("clocks.leave", valid().add("employment", since="2026-07-01", form="10", source="system"), DueKind.LEAVE),
        ("registration.deregister_days", registered().add("employment", since="2026-07-01", form="10", source="system"), DueKind.DEREGISTER),
    ],
)  # fmt: skip
def test_a_county_that_counts_days_is_not_answered_in_working_days(
    key: str, file: File, kind: DueKind
) -> None:
    pack, faults = policy_files.parse("county.toml", IN_DAYS.format(key=key))
    assert pack is not None and not faults, faults
    packs = replace(PACKS.replaced([pack]), region="220102")
    assert only(file, "2026-07-06", kind).due > date(2026, 7, 7)
    assert only(file, "2026-07-06", kind, packs=packs).due == date(2026, 7, 11)
