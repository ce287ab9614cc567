"""A household that moved to another station is written on no more here, whichever verb asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from jobdesk.cases.differing import of_state
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Subject, fields_set, opened
from jobdesk.services.moving import answering, asking
from jobdesk.services.settling_many import Keep, settle, settle_many
from jobdesk.services.today import load_today, put_off_all
from jobdesk.services.undoing import undo_action
from tests.sync.ground import PC
from tests.sync.test_transfers import ab, away, rounds, waits

__all__ = ["ab"]
HOME = Subject("household", "h1")


def test_no_verb_writes_on_it(ab: tuple[PC, PC]) -> None:
    here, there = ab
    root = {
        "head_name": "钱一",
        "kind": "zero",
        "state": "recognised",
        "decided_on": "2026-05-01",
        "source": "document",
    }
    made = here.desk.act(
        [opened(HOME, "household", "h1", {**root}), opened(HOME, "member", "m1", {"name": "钱一"})]
    ).result()
    for note in ("甲", "乙"):
        here.desk.act([fields_set(HOME, "household", "h1", {"note": note}, {})]).result()
    asked = [(HOME, one) for one in of_state(here.state(HOME))]
    here.sync_well()
    lines = load_today(here.desk).result().lines["h1"]
    asking.ask_household_out(here.desk, "h1", "b", "搬走").result()
    rounds(here, there, times=1)
    answering.accept(there.desk, waits(there, "transfer_request")[0].id).result()
    rounds(there, here, there, times=1)
    assert away(here) == {"h1": "b"} and asked
    before = here.ops()
    op = fields_set(HOME, "household", "h1", {"note": "丙"}, {})
    until = here.desk.today + timedelta(days=900)
    verbs: tuple[Callable[[], object], ...] = (
        lambda: put_off_all(here.desk, lines, until, "x").result(),
        lambda: undo_action(here.desk, made.action_id).result(),
        lambda: settle(here.desk, asked[0], Keep()).result(),
        lambda: here.desk.write(lambda w: w.append(here.desk.actor, [op])).result(),
    )
    for verb in verbs:
        with pytest.raises(Refused, match="household_moved"):
            verb()
    with pytest.raises(Refused, match="conflict_gone"):
        settle_many(here.desk, [(asked[0], Keep())]).result()
    assert here.ops() == before
