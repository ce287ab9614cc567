"""What an import wrote and nobody touched since is 未核对 in the trace; what somebody wrote is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.ops import Subject
from jobdesk.cases.rules.vocabulary import FACTS
from jobdesk.services.briefs import load_brief
from jobdesk.services.case_files import load_case_file
from jobdesk.services.confirming import confirm
from jobdesk.services.editing import change, opening, save_record
from jobdesk.services.household_list import load_household
from jobdesk.services.households import found_household
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.proof_state import proof_mark
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


def test_what_a_sheet_said_is_checked_once_it_is_confirmed(here: DeskHere) -> None:
    desk = here.desk
    person = Subject("case", desk.new_id())
    values = {"name": "甲", "help_state": "open", "hukou_kind": "10", "graduate_kind": "university",
              "graduated_on": "2025-06-30"}  # fmt: skip
    desk.act([opening(person, "case", person.id, values, import_id="import-1")]).result()

    def seen() -> tuple[bool, bool, str, str]:
        file = load_case_file(desk, person.id).result()
        assert file.agenda is not None
        at = file.agenda.situation(file.facts)
        marks = [proof_mark(file, n, Words(desk.today)) for n in ("hukou_kind", "graduated_on")]
        first, second = (m.words if m is not None else "" for m in marks)
        return (
            FACTS["hukou_kind"](at).unchecked,
            FACTS["months_since_graduation"](at).unchecked,
            first,
            second,
        )

    assert seen() == (True, True, "未核对 · 来自台账", "未核对 · 来自台账")
    paper = {"source": "document", "document": "户口簿"}
    confirm(desk, person.id, "hukou_kind", "10", dict(paper)).result()
    confirm(desk, person.id, "graduated_on", "2025-06-30", {"source": "system"}).result()
    first = seen()
    assert first[:2] == (False, False)
    assert first[2].startswith("已核对 · 户口簿 · ") and first[3].startswith("已核对 · 省系统 · ")
    assert load_brief(desk, person.id).result().from_sheet == {"name", "help_state", "graduate_kind"}
    state = desk.case(person.id).result()
    save_record(desk, person, state.root, {"hukou_kind": "20"}).result()
    assert seen()[2] == "未核对 · 核对后又改过"


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
