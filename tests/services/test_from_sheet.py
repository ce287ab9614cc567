"""What an import wrote and nobody touched since is 未核对 in the trace; what somebody wrote is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.ops import Subject
from jobdesk.cases.rules.vocabulary import FACTS
from jobdesk.services.briefs import load_brief
from jobdesk.services.case_files import load_case_file
from jobdesk.services.editing import opening, save_record
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
