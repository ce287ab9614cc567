"""困难认定 on a real encrypted station: only the county decides, every act can be taken back, evidence is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from jobdesk.cases.claim import Act
from jobdesk.cases.errors import Refused
from jobdesk.services.recognition import (
    accepting,
    applying,
    asking_supplement,
    checking,
    deciding,
    leaving_recognition,
    publicising,
    reviewing,
)
from jobdesk.services.recognition.acting import view_of
from jobdesk.services.registering import Child
from jobdesk.services.undoing import undo_action
from tests.services.claim_scene import COUNTY, claim, done, to_recognised, to_reported, woman
from tests.services.desk_here import DeskHere


@pytest.fixture
def here(tmp_path: Path) -> Iterator[DeskHere]:
    made = DeskHere(tmp_path)
    yield made
    made.station.close()


def test_the_whole_way_and_what_each_step_leaves(here: DeskHere) -> None:
    case = woman(here)
    to_reported(here, case)
    record = claim(here, case)
    assert record.text("state") == "reported" and record.text("receipt_no").startswith("20260707-")
    assert record.text("accepted_by") == here.staff and record.text("station_checked_by") == here.staff
    done(deciding.recognise(here.desk, case, record, {**COUNTY, "decided_on": "2026-07-14"}))
    record = claim(here, case)
    assert record.text("state") == "recognised" and record.text("since") == "2026-07-14"
    assert record.text("authority") == COUNTY["decided_by"] and record.text("number") == COUNTY["decision_no"]
    assert record.get("until") is None, "no notice gives a recognition a term"
    shown = view_of(here.desk, case, record.id).result()
    assert shown.term is None and shown.acts == (Act.NOTIFY, Act.REVIEW, Act.EXIT)


def test_verdict_and_facts_of_the_day_are_kept_at_first_check_and_decision(here: DeskHere) -> None:
    case = woman(here)
    to_recognised(here, case)
    kept = cast("dict[str, Any]", claim(here, case).get("snapshot"))
    assert kept["station"]["on"] == "2026-07-09" and kept["county"]["on"] == "2026-07-14"
    verdict = kept["station"]["verdict"]
    assert verdict["outcome"] == "met" and verdict["rule"] == "hardship.JL2"
    months = next(f for f in verdict["facts"] if f["name"] == "registered_months")
    assert months["value"] == "6" and not months["unchecked"]
    assert [r["kind"] for r in kept["station"]["looked"]] == ["insurance"]
    assert claim(here, case).text("rule_version").startswith("hardship v")


def test_every_act_is_one_action_and_can_be_taken_back(here: DeskHere) -> None:
    case = woman(here)
    to_reported(here, case)
    action = done(deciding.recognise(here.desk, case, claim(here, case), {**COUNTY, "decided_on": "2026-07-14"}))  # fmt: skip
    undo_action(here.desk, action).result()
    record = claim(here, case)
    assert record.text("state") == "reported" and not record.get("decided_by") and not record.get("since")
    assert "county" not in cast("dict[str, Any]", record.get("snapshot"))


def test_the_station_cannot_recognise_by_itself(here: DeskHere) -> None:
    case = woman(here)
    done(applying.apply(here.desk, case, "JL2", {}))
    record = claim(here, case)
    with pytest.raises(Refused, match="claim_not_now"):
        deciding.recognise(here.desk, case, record, {**COUNTY, "decided_on": "2026-07-15"}).result()


@pytest.mark.parametrize("lack", ["decided_by", "decision_no", "source"])
def test_a_decision_wants_who_when_and_which_paper(here: DeskHere, lack: str) -> None:
    case = woman(here)
    to_reported(here, case)
    values = {**COUNTY, "decided_on": "2026-07-14"} | {lack: ""}
    with pytest.raises(Refused, match="claim_needed") as told:
        deciding.recognise(here.desk, case, claim(here, case), values).result()
    assert told.value.params["field"] == lack


def test_a_decision_by_word_of_mouth_or_from_a_sheet_is_none(here: DeskHere) -> None:
    case = woman(here)
    to_reported(here, case)
    for source in ("self", "ledger"):
        values = {**COUNTY, "decided_on": "2026-07-14", "source": source}
        with pytest.raises(Refused, match="claim_source"):
            deciding.recognise(here.desk, case, claim(here, case), values).result()


def test_what_is_missing_is_told_once(here: DeskHere) -> None:
    case = woman(here)
    done(applying.apply(here.desk, case, "JL2", {"applied_on": "2026-07-06"}))
    asked = {"supplement_on": "2026-07-07", "supplement_list": "居住证明\n解除劳动关系证明"}
    done(asking_supplement.ask_supplement(here.desk, case, claim(here, case), asked))
    done(
        asking_supplement.supplemented(here.desk, case, claim(here, case), {"supplemented_on": "2026-07-10"})
    )
    assert claim(here, case).text("state") == "applied", "what was asked for before 受理 leads back to 受理"
    done(accepting.accept(here.desk, case, claim(here, case), {"accepted_on": "2026-07-10"}))
    with pytest.raises(Refused, match="claim_not_now"):
        asking_supplement.ask_supplement(here.desk, case, claim(here, case), asked).result()


def test_a_first_check_without_look_ups_stands_and_says_so(here: DeskHere) -> None:
    case = woman(here)
    done(applying.apply(here.desk, case, "JL2", {"applied_on": "2026-07-06"}))
    done(accepting.accept(here.desk, case, claim(here, case), {"accepted_on": "2026-07-07"}))
    opinion = {"station_opinion": "走访见到本人", "station_checked_on": "2026-07-08"}
    done(checking.check(here.desk, case, claim(here, case), opinion))
    record = claim(here, case)
    assert view_of(here.desk, case, record.id).result().notes == ("no_verification",)
    done(
        checking.look_up(here.desk, case, record.id, {"kind": "business", "result": "found", "finding": "x"})
    )
    assert view_of(here.desk, case, record.id).result().notes == ("verification_open",)


def test_individuals_are_not_publicised_until_a_pack_names_its_ground(here: DeskHere) -> None:
    case = woman(here)
    done(applying.apply(here.desk, case, "JL2", {"applied_on": "2026-07-06"}))
    done(accepting.accept(here.desk, case, claim(here, case), {"accepted_on": "2026-07-07"}))
    done(checking.check(here.desk, case, claim(here, case), {"station_opinion": "同意", "station_checked_on": "2026-07-08"}))  # fmt: skip
    put = {"publicity_from": "2026-07-09", "publicity_until": "2026-07-14"}
    with pytest.raises(Refused, match="claim_not_now"):
        publicising.put_up(here.desk, case, claim(here, case), put).result()


def test_refusal_with_reason_and_remedy_then_review_by_the_county(here: DeskHere) -> None:
    case = woman(here)
    to_reported(here, case)
    refusal = {
        **COUNTY,
        "decided_on": "2026-07-13",
        "refusal_reason": "仍在单位参保",
        "remedy": "60 日内可申请行政复议",
    }
    with pytest.raises(Refused, match="claim_needed"):
        deciding.refuse(here.desk, case, claim(here, case), {**refusal, "remedy": ""}).result()
    done(deciding.refuse(here.desk, case, claim(here, case), refusal))
    done(deciding.notify(here.desk, case, claim(here, case), {"notified_on": "2026-07-14"}))
    done(reviewing.appeal(here.desk, case, claim(here, case), {"appealed_on": "2026-07-15"}))
    assert claim(here, case).text("state") == "appealed"
    done(deciding.recognise(here.desk, case, claim(here, case), {**COUNTY, "decided_on": "2026-07-15"}))
    record = claim(here, case)
    assert record.text("state") == "recognised" and record.text("reviewed_on") == "2026-07-15"
    assert record.get("refusal_reason") is None and record.get("notified_on") is None


def test_review_of_what_stands_leaves_it_valid(here: DeskHere) -> None:
    case = woman(here)
    to_recognised(here, case)
    done(reviewing.review(here.desk, case, claim(here, case), {"appealed_on": "2026-07-15"}))
    assert claim(here, case).text("state") == "review"
    kept = {"reviewed_on": "2026-07-15", "review_result": "仍符合"}
    done(reviewing.keep(here.desk, case, claim(here, case), kept))
    assert claim(here, case).text("state") == "recognised"


def test_leaving_ends_the_recognition_and_not_the_help_or_a_subsidy(here: DeskHere) -> None:
    subsidy = Child("subsidy", {"kind": "social_flexible", "since": "2026-07", "source": "document"})
    case = woman(here, subsidy)
    to_recognised(here, case)
    left = {"exited_on": "2026-07-15", "exit_code": "employed", "exit_decision_no": "测就退〔2026〕1号"}
    with pytest.raises(Refused, match="claim_needed"):  # 退出 is the county's to decide, as 认定 is
        leaving_recognition.leave(here.desk, case, claim(here, case), left).result()
    left["exit_decided_by"] = COUNTY["decided_by"]
    with pytest.raises(Refused, match="claim_no_such_reason"):
        leaving_recognition.leave(here.desk, case, claim(here, case), {**left, "exit_code": "tired"}).result()
    done(leaving_recognition.leave(here.desk, case, claim(here, case), left))
    state = here.desk.case(case).result()
    assert claim(here, case).text("state") == "exited" and claim(here, case).text("until") == "2026-07-15"
    assert claim(here, case).text("decision_no") == COUNTY["decision_no"], (
        "what was recognised stays as it was"
    )
    assert state.root.text("help_state") == "open"
    (kept,) = state.of("subsidy")
    assert kept.get("until") is None
    (spell,) = state.of("registration")
    assert spell.get("until") is None


def test_unreachable_needs_three_days_a_visit_and_the_supervisor(here: DeskHere) -> None:
    calls = [("2026-07-06", "phone"), ("2026-07-08", "phone"), ("2026-07-10", "phone")]
    tried = [
        Child(
            "service",
            {"type": "HF", "served_on": day, "channel": how, "engagement": "attempt", "staff": here.staff},
        )
        for day, how in calls
    ]
    case = woman(here, *tried)
    to_recognised(here, case)
    gone = {"exited_on": "2026-07-15", "exit_code": "no_contact", "exit_decided_by": "测试区就业服务局"}
    with pytest.raises(Refused, match="claim_not_agreed"):
        leaving_recognition.leave(here.desk, case, claim(here, case), gone).result()
    loaded = here.desk.case(case).result()
    with pytest.raises(Refused, match="unreachable_unfounded"):
        leaving_recognition.agree_unreachable(here.desk, loaded, "head").result()
    from jobdesk.services.desk import case_subject
    from jobdesk.services.editing import add_record

    visit = {**tried[0].values, "served_on": "2026-07-13", "channel": "visit"}
    add_record(here.desk, case_subject(case), "service", visit).result()
    with pytest.raises(Refused, match="unreachable_needs_other"):
        leaving_recognition.agree_unreachable(here.desk, loaded, here.staff).result()
    with pytest.raises(Refused, match="unreachable_unfounded"):  # before the visit was made
        leaving_recognition.agree_unreachable(here.desk, loaded, "head", "2026-07-12").result()
    leaving_recognition.agree_unreachable(here.desk, loaded, "head", "2026-07-14").result()
    mass = {"type": "QF", "served_on": "2026-07-15", "channel": "online", "staff": here.staff}
    add_record(here.desk, case_subject(case), "service", mass).result()  # reaches nobody
    done(leaving_recognition.leave(here.desk, case, claim(here, case), gone))
    assert claim(here, case).text("state") == "exited"


def test_one_application_of_a_category_at_a_time(here: DeskHere) -> None:
    case = woman(here)
    done(applying.apply(here.desk, case, "JL2", {}))
    with pytest.raises(Refused, match="claim_already"):
        applying.apply(here.desk, case, "JL2", {}).result()


def test_what_a_sheet_said_stays_台账记载_until_somebody_applies(here: DeskHere) -> None:
    sheet = Child(
        "recognition", {"category": "JL2", "state": "ledger", "source": "ledger", "since": "2024-03"}
    )
    case = woman(here, sheet)
    record = claim(here, case)
    shown = view_of(here.desk, case, record.id).result()
    assert shown.notes == ("unchecked",) and shown.acts == (Act.APPLY,)
    done(applying.apply_for_ledger(here.desk, case, record, {"applied_on": "2026-07-14"}))
    assert claim(here, case).text("state") == "applied"


def test_an_application_as_member_names_the_household(here: DeskHere) -> None:
    from jobdesk.services.households import found_household

    case = woman(here)
    found_household(
        here.desk, {"kind": "zero", "head_name": "周建国"}, [{"case": case, "relation": "daughter"}]
    ).result()
    done(applying.apply(here.desk, case, "JL4", {}))
    assert claim(here, case).get("household")
