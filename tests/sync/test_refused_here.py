"""What the server would keep apart or list blank is refused at the desk, before anybody has typed in vain."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Kind, NewOp, Subject, opened
from jobdesk.services.households import found_household
from jobdesk.services.registering import register
from jobdesk.services.staffing import add_staff
from jobdesk.services.vacancies import add_vacancy
from jobdesk.services.walk_ins import note_walk_in
from jobdesk.store import sync_told
from tests.sync.ground import PC

ERASED = NewOp(Kind.ERASED, Subject("case", "c1"), {"reason": "request"})


@pytest.fixture
def county(county: PC) -> PC:
    return county.enrol("220102", "county")


def refused(code: str, do: Callable[[], object]) -> None:
    with pytest.raises(Refused) as told:
        do()
    assert told.value.code == code


def test_of_somebody_erased_nothing_is_written_any_more(pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    one.enrol()
    two.enrol()
    one.open_case("c1")
    one.open_case("c2")
    for pc in (one, two):
        pc.sync_well()
    one.desk.act([ERASED]).result()
    refused("subject_erased", lambda: one.serve("c1", "电话"))
    two.serve("c1", "不知道")  # the word has not come yet
    one.sync_well()
    two.sync_well()
    home = Subject("household", "h1")
    for pc in (one, two):
        ops = pc.ops()
        refused("subject_erased", lambda pc=pc: pc.serve("c1", "电话"))
        refused("subject_erased", lambda pc=pc: pc.set("c1", phone="19900000001"))
        member = opened(home, "member", "m1", {"case": "c1", "relation": "self"})
        refused(
            "subject_erased",
            lambda pc=pc, member=member: pc.desk.act([opened(home, "household", "h1", {}), member]).result(),
        )
        assert pc.ops() == ops
        pc.serve("c2", "电话")


def test_a_desk_above_stations_begins_nothing_of_its_own(pcs: tuple[PC, PC], county: PC) -> None:
    here, _ = pcs
    here.enrol("a")
    here.open_case("c1")
    here.sync_well()
    county.sync()
    desk = county.desk
    begun: tuple[Callable[[], object], ...] = (
        lambda: register(desk, {"name": "赵某"}).result(),
        lambda: note_walk_in(desk, {"name": "赵某", "matter": "问政策"}).result(),
        lambda: add_vacancy(desk, {"unit": "某厂", "post": "保洁"}).result(),
        lambda: found_household(desk, {"head_name": "赵某"}, ()).result(),
    )
    for begin in begun:
        refused("only_stations", begin)
    county.serve("c1", "县里走访")
    add_staff(desk, "王科长").result()
    assert county.sync_well().apart == []
    counts = county.station.file.read(sync_told.counts).result()
    assert counts.above and counts.apart == 0
    here.sync_well()
    assert not here.station.file.read(sync_told.counts).result().above
