"""What an import wrote and nobody touched since is 未核对 in the trace; what somebody wrote is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.ops import Subject
from jobdesk.cases.rules.vocabulary import FACTS
from jobdesk.services.briefs import load_brief
from jobdesk.services.case_files import load_case_file
from jobdesk.services.editing import change, opening, save_record
from jobdesk.services.household_list import load_household
from jobdesk.services.households import found_household
from tests.services.claim_scene import claim, to_reported, woman
from tests.services.desk_here import DeskHere


@pytest.fixture
def here(tmp_path: Path) -> Iterator[DeskHere]:
    made = DeskHere(tmp_path)
    yield made
    made.station.close()


def test_a_value_is_unchecked_until_somebody_writes_it(here: DeskHere) -> None:
    desk = here.desk
    person = Subject("case", desk.new_id())
    values = {"name": "甲", "help_state": "open", "hukou_kind": "10", "willingness": "yes"}
    desk.act([opening(person, "case", person.id, values, import_id="import-1")]).result()
    file = load_case_file(desk, person.id).result()
    assert file.agenda is not None
    at = file.agenda.situation(file.facts)
    assert FACTS["hukou_kind"](at).unchecked and FACTS["willing"](at).unchecked
    save_record(desk, person, file.state.root, {"willingness": "none"}).result()
    file = load_case_file(desk, person.id).result()
    assert file.agenda is not None
    at = file.agenda.situation(file.facts)
    assert FACTS["hukou_kind"](at).unchecked and not FACTS["willing"](at).unchecked
    assert load_brief(desk, person.id).result().from_sheet == {"name", "help_state", "hukou_kind"}


def test_somebody_registered_by_hand_has_nothing_from_a_sheet(here: DeskHere) -> None:
    case = here.person("乙", hukou_kind="10")
    assert load_brief(here.desk, case).result().from_sheet == frozenset()


def test_what_a_sheet_said_stays_unchecked_in_the_evidence_of_a_decision(here: DeskHere) -> None:
    desk = here.desk
    case = woman(here)
    person, loaded = Subject("case", case), desk.case(case).result().root
    sheet = change(person, loaded, {"willingness": "none"}, import_id="import-1")
    assert sheet is not None
    desk.act([sheet]).result()
    sheet = change(person, desk.case(case).result().root, {"willingness": "yes"}, import_id="import-1")
    assert sheet is not None
    desk.act([sheet]).result()
    to_reported(here, case)
    kept = claim(here, case).get("snapshot")
    assert isinstance(kept, dict)
    facts = {f["name"]: f["unchecked"] for f in kept["station"]["verdict"]["facts"]}  # type: ignore[index]
    assert facts["willing"] is True and facts["able"] is False


def test_a_member_known_from_a_sheet_is_unchecked_in_the_household(here: DeskHere) -> None:
    desk = here.desk
    person = Subject("case", desk.new_id())
    values = {
        "name": "甲", "help_state": "open", "hukou_kind": "10", "willingness": "yes", "work_capacity": "able",
        "birth": "1985-03-02", "marital": "20",
    }  # fmt: skip
    desk.act([opening(person, "case", person.id, values, import_id="import-1")]).result()
    body = {"head_name": "甲", "kind": "zero"}
    made = found_household(desk, body, [{"case": person.id, "relation": "head", "lives_here": True}]).result()
    home = next(s.id for s in made.subjects if s.kind == "household")
    whole = load_household(desk, home).result()
    assert whole is not None
    (member,) = whole.row.standing.members
    assert {f.name: f.unchecked for f in member.labour.facts}["member_able"]
