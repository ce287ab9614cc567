from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.errors import Refused
from jobdesk.services import bulk
from jobdesk.services.editing import save_record
from tests.services.desk_here import DeskHere


@pytest.fixture
def here(tmp_path: Path) -> Iterator[DeskHere]:
    made = DeskHere(tmp_path)
    yield made
    made.station.close()


def tier(here: DeskHere, case_id: str) -> object:
    return here.desk.case(case_id).result().root.get("tier")


def test_many_people_are_several_actions_and_one_set_for_undo(
    here: DeskHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 2)
    ids = [here.person(f"人{n}", tier="3" if n == 4 else None) for n in range(5)]
    told: list[tuple[int, int]] = []
    done = bulk.set_tier(here.desk, ids, "1", "长期失业", lambda a, b: told.append((a, b)) or True).result()
    assert (done.asked, done.changed, len(done.actions)) == (5, 5, 3)
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert [tier(here, i) for i in ids] == ["1"] * 5
    undone = bulk.undo_set(here.desk, done.actions).result()
    assert undone.kept == 0
    assert [tier(here, i) for i in ids] == [None, None, None, None, "3"]


def test_undo_leaves_what_somebody_wrote_since(here: DeskHere) -> None:
    first, second = here.person("甲"), here.person("乙")
    done = bulk.set_tier(here.desk, [first, second], "1", "长期失业").result()
    loaded = here.desk.case(first).result()
    save_record(here.desk, loaded.subject, loaded.root, {"tier": "2"}).result()
    assert bulk.undo_set(here.desk, done.actions).result().kept >= 1
    assert (tier(here, first), tier(here, second)) == ("2", None)


def test_a_tier_needs_its_reason(here: DeskHere) -> None:
    with pytest.raises(Refused):
        bulk.set_tier(here.desk, [here.person("甲")], "1", " ")


def test_those_who_are_so_already_are_not_changed(here: DeskHere) -> None:
    case_id = here.person("甲", owner=here.staff)
    assert bulk.assign(here.desk, [case_id], here.staff).result() == bulk.Bulk(1, 0, ())


def test_lists_keep_their_other_names(here: DeskHere) -> None:
    case_id = here.person("甲", lists=["走访"])
    bulk.put_on_list(here.desk, [case_id], "招聘会").result()
    assert here.desk.case(case_id).result().root.get("lists") == ["招聘会", "走访"]
    bulk.take_off_list(here.desk, [case_id], "走访").result()
    assert here.desk.case(case_id).result().root.get("lists") == ["招聘会"]


def test_a_cancelled_change_says_how_far_it_came(here: DeskHere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 1)
    ids = [here.person("甲"), here.person("乙")]
    done = bulk.assign(here.desk, ids, "somebody", lambda _a, _b: False).result()
    assert (done.asked, done.changed) == (2, 1)
