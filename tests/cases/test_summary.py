"""The list row: categories without their kinds, contacts, what a search finds."""

from __future__ import annotations

import itertools

from files import File, graduate

from jobdesk.cases.clock import Stamp
from jobdesk.cases.fold import fold
from jobdesk.cases.ops import Kind, NewOp, Op, Subject, opened
from jobdesk.cases.summary import Chip, summarise, summary_of
from jobdesk.host.template_files import summary_rules

RULES = summary_rules()
BODY = "22990119790315101"
NUMBER = (
    BODY
    + "10X98765432"[
        sum(
            w * int(d)
            for w, d in zip((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), BODY, strict=True)
        )
        % 11
    ]
)


def chips(file: File) -> list[tuple[str, bool]]:
    return [(c.code, c.verified) for c in summary_of(file.facts(), RULES).chips]


def test_lists_show_hardship_and_never_its_kind() -> None:
    for kind in ("JL3", "JL5", "JL2"):
        file = File().add("recognition", category=kind, state="recognised", main=True)
        assert chips(file) == [("hardship", True)]
        row = summary_of(file.facts(), RULES)
        assert row.main_category == "hardship" and kind not in repr(row)


def test_an_imported_category_is_never_recognised() -> None:
    assert chips(File().add("recognition", category="JL2", state="ledger")) == [("hardship", False)]
    assert chips(File().add("recognition", category="JL4", state="reported")) == [("hardship_applied", True)]
    both = (
        File()
        .add("recognition", category="JL4", state="ledger")
        .add("recognition", category="JL2", state="recognised")
    )
    assert chips(both) == [("hardship", True), ("zero_household", False)]


def test_restricted_sensitive_and_unknown_groups_are_not_on_lists() -> None:
    file = File()
    for kind in ("drug_recovery", "released", "allowance", "disabled", "illness_family", "刑释"):
        file.add("group", kind=kind)
    assert chips(file) == []
    file.add("group", kind="veteran", source="document").add("group", kind="lifted_poor", source="ledger")
    file.add("group", kind="two_later", until="2025-01")
    assert chips(file) == [("lifted_poor", False), ("veteran", True)]


def test_graduates_and_jobs() -> None:
    file = graduate().add("placement", since="2026-01", until="2026-03", unit="甲厂")
    file.add("placement", since="2026-05", unit="乙店")
    file.add("employment", since="2025-05", until="2025-08", unit="乙店")
    row = summary_of(file.facts(), RULES)
    assert row.chips == (Chip("graduate"),) and row.placed and row.employer == "乙店"
    assert row.employers == ("甲厂", "乙店")


def test_a_graduate_with_an_established_job_is_no_unemployed_graduate() -> None:
    assert chips(graduate().add("placement", since="2026-05", verified_on="2026-06-01")) == []
    assert chips(graduate().add("employment", since="2026-05")) == []
    assert chips(graduate().add("placement", since="2026-05", until="2026-06", verified_on="2026-06-01")) == [
        ("graduate", True)
    ]


def test_the_number_fills_blanks_in_sight_and_never_overrules() -> None:
    row = summary_of(File(id_number=NUMBER).facts(), RULES)
    assert (row.birth, row.sex, row.id_tail) == ("1979-03-15", "1", NUMBER[-4:])
    assert summary_of(File(id_number=NUMBER, sex="2").facts(), RULES).sex == "2"
    assert summary_of(File(id_number=NUMBER[:-3] + "000").facts(), RULES).birth == ""


def test_documents_and_contacts() -> None:
    file = File(notice_on=None, truth_on="2026-06-01").serve("HF", "2026-06-12", next_contact="2026-07-13")
    row = summary_of(file.facts(), RULES)
    assert row.unsigned == ("notice_on", "compare_on")
    assert (row.last_contact, row.next_contact, row.next_from) == ("2026-06-12", "2026-07-13", "record")
    assert "notice_on" in row.missing and 0 < row.percent < 100


def _ops(new: list[NewOp]) -> list[Op]:
    return [
        Op(f"op{n}", "r", n, Stamp(n, 0, "r"), "staff", "a", 1, op.kind, op.subject, op.payload)
        for n, op in enumerate(new, 1)
    ]


def test_a_folded_state_gives_the_same_in_any_order() -> None:
    case = Subject("case", "c1")
    new = [
        opened(case, "case", "c1", {"name": "甲", "help_state": "open"}),
        opened(case, "service", "s1", {"type": "HF", "served_on": "2026-06-12"}, kind=Kind.SERVICE_RECORDED),
        opened(case, "recognition", "r1", {"state": "ledger", "category": "JL2"}),
    ]
    rows = {summarise(fold(order), RULES) for order in itertools.permutations(_ops(new))}
    (row,) = rows
    assert (row.case_id, row.name, row.last_contact, row.hardship) == ("c1", "甲", "2026-06-12", "unverified")
