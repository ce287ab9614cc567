"""Lines of registration, recognition, graduates and leaving: each on its morning, and none by itself acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jobdesk.cases.due import Bucket, DueKind
from jobdesk.cases.ops import Json
from jobdesk.host import policy_files
from tests.cases.files import File
from tests.cases.hardship_files import PACKS, household, registered
from tests.cases.lines_of import WORKING, lines, only


def graduate(**root: Json) -> File:
    body: dict[str, Json] = {
        "birth": "2002-09-17", "graduate_kind": "university", "graduated_on": "2024-07-31",
        "ever_employed": False, "ever_insured": False, "opened_on": "2025-01-06", **root,
    }  # fmt: skip
    return registered("2025-01-02", **body)


# ---- graduates


def test_a_graduate_is_told_ahead_and_may_apply_on_the_very_morning() -> None:
    file = graduate()
    assert lines(file, "2026-04-01", DueKind.PREPARE) == []
    ahead = only(file, "2026-06-10", DueKind.PREPARE)
    assert ahead.original == date(2026, 6, 1) and dict(ahead.params)["until"] == "2026-07-31"
    assert lines(file, "2026-07-30", DueKind.MAY_APPLY) == []
    there = only(file, "2026-07-31", DueKind.MAY_APPLY)
    assert there.due == date(2026, 7, 31) and there.away == 0
    assert there.basis.sentence.startswith("就业困难高校毕业生") and there.basis.status == "unconfirmed"
    assert lines(file, "2026-07-31", DueKind.PREPARE) == []
    assert only(file, "2026-08-20", DueKind.MAY_APPLY).key == there.key, "the same line until it is answered"


def unproven(**root: Json) -> File:
    """The same graduate, whose date nobody has confirmed."""
    file = graduate(**root)
    file.rows = [r for r in file.rows if r.kind != "proof" or r.values["field"] != "graduated_on"]
    return file


CLOCKS = (DueKind.PREPARE, DueKind.WINDOW_END, DueKind.MAY_APPLY)


def test_a_date_that_nobody_confirmed_is_asked_for_where_the_clock_would_speak() -> None:
    file = unproven()
    ahead = only(file, "2026-06-10", DueKind.VERIFY)
    assert dict(ahead.params)["on"] == "2026-07-31" and ahead.key.startswith("verify:graduated_on:")
    assert ahead.original == date(2026, 5, 2), "90 days before the windows end"
    assert ahead.basis.outcome == "unknown" and ahead.basis.missing[0] == "proof:graduated_on"
    there = only(file, "2026-08-03", DueKind.VERIFY)
    assert there.due == date(2026, 7, 31), "the morning on which 可申请认定 would have stood there"
    assert there.basis.missing == ("out_of_school_months",) and there.basis.sentence.startswith(
        "就业困难高校毕业生"
    )
    for day in ("2026-06-10", "2026-07-31", "2026-08-03"):
        assert all(lines(file, day, kind) == [] for kind in CLOCKS), day


def test_the_clock_speaks_from_the_day_of_the_proof() -> None:
    file = unproven().prove("graduated_on", on="2026-08-10")
    assert only(file, "2026-08-07", DueKind.VERIFY).due == date(2026, 7, 31)
    assert lines(file, "2026-08-10", DueKind.VERIFY) == []
    assert only(file, "2026-08-10", DueKind.MAY_APPLY).due == date(2026, 8, 10), "nobody starts overdue"
    file.root["graduated_on"] = "2024-07-30"
    assert lines(file, "2026-08-11", DueKind.MAY_APPLY) == [] and lines(file, "2026-08-11", DueKind.VERIFY)


@pytest.mark.parametrize("more", [{"ever_employed": True}, {"ever_insured": True}, {"graduate_kind": "none"}])
def test_nobody_is_asked_whom_the_clock_does_not_concern(more: dict[str, Json]) -> None:
    for day in ("2026-06-10", "2026-08-03"):
        assert lines(unproven(**more), day, DueKind.VERIFY) == []


def test_long_before_the_end_it_is_asked_for_at_the_next_contact() -> None:
    file = unproven(next_contact="2025-10-16")
    assert only(file, "2025-10-14", DueKind.VERIFY).due == date(2025, 10, 16)
    assert lines(unproven(next_contact="2025-10-30"), "2025-10-14", DueKind.VERIFY) == []


def test_29_february_is_full_on_28_february() -> None:
    file = graduate(graduated_on="2024-02-29")
    assert lines(file, "2026-02-27", DueKind.MAY_APPLY) == []
    assert only(file, "2026-02-28", DueKind.MAY_APPLY).due == date(2026, 2, 28)


def test_who_was_born_on_29_february_is_fifty_on_1_march_and_not_late() -> None:
    file = registered("2024-01-02", birth="1976-02-29", sex="1", opened_on="2025-01-06")
    assert lines(file, "2026-02-28", DueKind.MAY_APPLY) == []
    line = only(file, "2026-03-01", DueKind.MAY_APPLY)
    assert (line.due, line.bucket) == (date(2026, 3, 1), Bucket.TODAY)


def test_further_study_moves_the_date() -> None:
    file = graduate().add("absence", kind="study", since="2024-09-01", until="2025-06-30", source="document")
    assert lines(file, "2026-07-31", DueKind.MAY_APPLY) == []
    assert only(file, "2027-06-30", DueKind.MAY_APPLY).due == date(2027, 6, 30)
    still = graduate().add("absence", kind="study", since="2024-09-01")
    for kind in (DueKind.PREPARE, DueKind.MAY_APPLY, DueKind.WINDOW_END):
        assert lines(still, "2026-07-31", kind) == []


def test_enlistment_stays_open_and_is_said_so() -> None:
    file = graduate().add("absence", kind="military", since="2024-09-01", until="2026-03-01")
    assert lines(file, "2026-07-31", DueKind.MAY_APPLY) == []
    assert "enlistment_open" in only(file, "2026-06-10", DueKind.PREPARE).basis.notes


def test_support_windows_end_once_with_all_their_names() -> None:
    line = only(graduate(), "2026-05-05", DueKind.WINDOW_END)
    assert dict(line.params)["until"] == "2026-07-31"
    for word in ("就业见习", "一次性创业补贴", "社会保险补贴"):
        assert word in line.basis.sentence
    at_work = graduate().add("employment", since="2025-03-01", form="10", source="system")
    assert lines(at_work, "2026-05-05", DueKind.WINDOW_END) == []


# ---- 可申请认定


def test_a_category_open_before_the_file_was_opened_is_told_within_days() -> None:
    file = registered("2025-01-02", opened_on="2026-07-01")
    line = only(file, "2026-07-15", DueKind.MAY_APPLY)
    assert line.due == WORKING.add(date(2026, 7, 1), 10)


@pytest.mark.parametrize(
    "state", ["applied", "accepted", "reported", "recognised", "review", "refused", "withdrawn"]
)
def test_who_has_applied_is_not_told_to(state: str) -> None:
    file = registered("2025-01-02").add("recognition", category="JL2", state=state, since="2026-01-01")
    assert lines(file, "2026-07-15", DueKind.MAY_APPLY) == []


def test_台账记载_is_no_recognition_and_the_person_may_apply() -> None:
    file = registered("2025-01-02").add("recognition", category="JL2", state="ledger", source="ledger")
    assert only(file, "2026-07-15", DueKind.MAY_APPLY)


def test_a_spell_from_a_sheet_starts_no_clock() -> None:
    assert lines(registered("2025-01-02", "ledger"), "2026-07-15", DueKind.MAY_APPLY) == []


def test_a_member_of_a_recognised_household_may_apply() -> None:
    file = registered("2026-06-01")
    near = {"case-1": (household(),)}
    assert lines(file, "2026-07-15", DueKind.MAY_APPLY) == []
    line = only(file, "2026-07-15", DueKind.MAY_APPLY, households=near)
    assert dict(line.params)["categories"] == "JL4"


# ---- 失业登记


def test_who_lost_work_is_told_that_registration_is_possible() -> None:
    file = File(birth="1990-01-01", work_capacity="able", willingness="yes", opened_on="2026-01-05")
    file.add("employment", since="2025-01-01", until="2026-07-10", form="10", source="system")
    assert only(file, "2026-07-15", DueKind.MAY_REGISTER).due == WORKING.add(date(2026, 7, 10), 10)
    file.root["willingness"] = "none"
    assert lines(file, "2026-07-15", DueKind.MAY_REGISTER) == []


def test_a_placement_prompts_注销_and_ends_nothing() -> None:
    file = registered().add(
        "placement", unit="测试超市", since="2026-07-13", verified_on="2026-07-14", form="10"
    )
    line = only(file, "2026-07-15", DueKind.DEREGISTER)
    assert line.due == WORKING.add(date(2026, 7, 13), 5) and dict(line.params)["verified"] == 1
    heard = registered().add("placement", unit="测试超市", since="2026-07-13", form="10")
    assert only(heard, "2026-07-15", DueKind.DEREGISTER).basis.notes == ("placement_unverified",)


# ---- applications


def claim(state: str, **values: Json) -> File:
    body: dict[str, Json] = {
        "category": "JL2", "state": state, "source": "self", "applied_on": "2026-07-01", **values
    }  # fmt: skip
    return registered().add("recognition", **body)


def test_each_step_of_an_application_has_its_day_and_source() -> None:
    line = only(claim("applied"), "2026-07-02", DueKind.CLAIM)
    assert dict(line.params)["act"] == "accept" and line.due == WORKING.add(date(2026, 7, 1), 2)
    line = only(claim("accepted", accepted_on="2026-07-02"), "2026-07-03", DueKind.CLAIM)
    assert dict(line.params)["act"] == "check" and line.basis.status == "own"
    reported = claim("reported", accepted_on="2026-07-02", reported_on="2026-07-09")
    line = only(reported, "2026-07-10", DueKind.CLAIM)
    assert line.due == WORKING.add(date(2026, 7, 2), 10)
    assert line.basis.source.document == "吉人社办字〔2017〕80号" and line.basis.status == "unconfirmed"


def test_supplementing_starts_the_county_term_anew() -> None:
    file = claim(
        "reported", accepted_on="2026-07-02", supplement_on="2026-07-03", supplemented_on="2026-07-08"
    )
    assert only(file, "2026-07-10", DueKind.CLAIM).due == WORKING.add(date(2026, 7, 8), 10)


@pytest.mark.parametrize(("state", "days"), [("accepted", 5), ("reported", 10)])
def test_what_was_completed_before_受理_does_not_count_from_before_it(state: str, days: int) -> None:
    file = claim(state, supplement_on="2026-07-01", supplemented_on="2026-07-03", accepted_on="2026-07-07")
    assert only(file, "2026-07-08", DueKind.CLAIM).due == WORKING.add(date(2026, 7, 7), days)


def test_no_公示_for_individuals_and_three_lines_where_a_pack_asks() -> None:
    checked = claim("checked", accepted_on="2026-07-02", station_checked_on="2026-07-06")
    assert lines(checked, "2026-07-07", DueKind.PUBLICITY) == []
    pack, faults = policy_files.parse("county.toml", COUNTY)
    assert pack is not None and not faults, faults
    packs = replace(PACKS.replaced([pack]), region="220102")
    put = only(checked, "2026-07-07", DueKind.PUBLICITY, packs=packs)
    assert dict(put.params)["act"] == "post"
    shown = claim("publicity", accepted_on="2026-07-02", station_checked_on="2026-07-06",
                  publicity_from="2026-07-07", publicity_until="2026-07-14")  # fmt: skip
    acts = {
        str(dict(o.params)["act"]): o.due for o in lines(shown, "2026-07-08", DueKind.PUBLICITY, packs=packs)
    }
    assert acts == {"evidence": date(2026, 7, 8), "take_down": date(2026, 7, 15)}


COUNTY = """
pack = "county_publicity"
title = "个人公示"
version = 1
[[entry]]
key = "clocks.publicity.person"
kind = "figure"
valid_from = 2026-01-01
region = "220102"
status = "confirmed"
source = { document = "测试文", clause = "三" }
sentence = "公示 5 个工作日"
value = 5
unit = "working_day"
"""
