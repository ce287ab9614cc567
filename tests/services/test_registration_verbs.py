"""失业登记 and 就业登记 on a real encrypted station: spells with reasons, evidence, nothing ends by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.errors import Refused
from jobdesk.cases.facts import CaseFacts, Rec, facts_of
from jobdesk.cases.ops import Json
from jobdesk.cases.registration_spells import POST, by_promise, three_states
from jobdesk.services.closing import end_help
from jobdesk.services.recognition.leaving_recognition import agree_unreachable
from jobdesk.services.registering import Child
from jobdesk.services.registration import employing, ending, entering
from jobdesk.services.undoing import undo_action
from tests.services.desk_here import DeskHere

SPELL: dict[str, Json] = {"since": "2026-03-02", "reason": "02", "source": "system"}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[DeskHere]:
    made = DeskHere(tmp_path)
    yield made
    made.station.close()


def test_one_spell_at_a_time_and_the_next_is_a_new_one(here: DeskHere) -> None:
    case = here.person("周雨桐")
    entering.enter(here.desk, case, SPELL).result()
    with pytest.raises(Refused, match="spell_open"):
        entering.enter(here.desk, case, {**SPELL, "since": "2026-05-01"}).result()
    (first,) = here.desk.case(case).result().of("registration")
    assert first.text("kind") == "首次登记"
    with pytest.raises(Refused, match="spell_backwards"):
        ending.end_spell(here.desk, case, first, {"until": "2026-03-01", "end_reason": "11"})
    with pytest.raises(Refused, match="spell_needs"):
        ending.end_spell(here.desk, case, first, {"until": "2026-06-01"})
    ended = ending.end_spell(here.desk, case, first, {"until": "2026-06-01", "end_reason": "11"}).result()
    again = entering.enter(here.desk, case, {**SPELL, "since": "2026-07-01"}).result()
    spells = here.desk.case(case).result().of("registration")
    assert sorted(r.text("kind") for r in spells) == ["再次登记", "首次登记"]
    undo_action(here.desk, again.action_id).result()
    undo_action(here.desk, ended.action_id).result()
    (first,) = here.desk.case(case).result().of("registration")
    assert not first.get("until") and not first.get("end_reason")


def test_work_is_registered_with_its_evidence(here: DeskHere) -> None:
    case = here.person("周雨桐")
    good: dict[str, Json] = {
        "since": "2026-07-01",
        "form": "10",
        "unit": "测试超市",
        "evidence_kind": "contract",
    }
    for lack in ("since", "form", "unit", "evidence_kind"):
        with pytest.raises(Refused, match="work_needs") as told:
            employing.register_work(here.desk, case, {**good, lack: ""})
        assert told.value.params["field"] == lack
    with pytest.raises(Refused, match="work_promise"):
        employing.register_work(here.desk, case, {**good, "evidence_kind": "promise"})
    employing.register_work(here.desk, case, good).result()
    promised: dict[str, Json] = {"since": "2026-07-02", "form": "22", "evidence_kind": "promise"}
    employing.register_work(here.desk, case, promised).result()
    found = here.desk.case(case).result().of("employment")
    assert [by_promise(r.values()) for r in sorted(found, key=lambda r: r.text("since"))] == [False, True]


def test_work_proposes_the_reason_and_ends_neither_spell_nor_subsidy(here: DeskHere) -> None:
    subsidy = Child("subsidy", {"kind": "social_flexible", "since": "2026-05", "source": "document"})
    rec = Child(
        "recognition", {"category": "JL2", "state": "recognised", "since": "2026-04-01", "source": "document"}
    )
    case = here.person("周雨桐", Child("registration", {**SPELL, "registered": True}), subsidy, rec)
    body: dict[str, Json] = {"since": "2026-07-06", "form": "21", "evidence_kind": "filing"}
    employing.register_work(here.desk, case, body).result()
    facts = facts_of(here.desk.case(case).result())
    from jobdesk.host import policy_files

    assert ending.proposed_reason(facts, policy_files.shipped(), here.desk) == ("2026-07-06", "12")
    codes = [one.code for one in three_states(facts, "2026-07-15")]
    assert codes == ["open", "recognised", "running"]


def test_help_ends_for_无法联系_only_with_the_supervisors_agreement(here: DeskHere) -> None:
    tried = [
        Child(
            "service",
            {"type": "HF", "served_on": day, "channel": how, "engagement": "attempt", "staff": here.staff},
        )
        for day, how in (("2026-07-01", "phone"), ("2026-07-03", "phone"), ("2026-07-07", "visit"))
    ]
    case = here.person("周雨桐", *tried)
    with pytest.raises(Refused, match="end_needs_agreement"):
        end_help(here.desk, here.desk.case(case).result(), "no_contact")
    agree_unreachable(here.desk, here.desk.case(case).result(), "head", "2026-07-10").result()
    end_help(here.desk, here.desk.case(case).result(), "no_contact").result()
    assert here.desk.case(case).result().root.text("help_state") == "ended"


def test_a_post_is_told_as_a_post_and_not_by_whom_it_is_for() -> None:
    """The kinds of 公益性岗位 are no kinds of subsidy, and some of them are sensitive."""
    post = Rec("public_post", "p", {"kind": "disabled_family", "since": "2026-01-05", "source": "document"})
    policy = three_states(CaseFacts("c", {}, {"public_post": (post,)}), "2026-07-15")[2]
    assert (policy.code, policy.what) == ("running", POST)
