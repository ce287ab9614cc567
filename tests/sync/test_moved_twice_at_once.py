"""Two PCs of a station that send one person to two stations while neither has a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.differing import Sort
from jobdesk.cases.masking import mask_id
from jobdesk.services.conflict_board import questions_of
from jobdesk.services.conflict_log import decisions
from jobdesk.services.desk import case_subject
from jobdesk.services.moving import answering, asking, reading
from jobdesk.services.settling_many import Keep, settle, undo_decision
from jobdesk.ui.conflicts.decided import card_of_decision
from jobdesk.ui.conflicts.question import cards_of
from jobdesk.ui.conflicts.saying import Saying
from jobdesk.ui.conflicts.state import item_of
from jobdesk.ui.moves.state import sections
from tests.sync.ground import PC, Server
from tests.sync.test_conflicts import only, the_board
from tests.sync.test_transfers import number, rounds, third_station, waits


@dataclass
class Four:
    """Two PCs of 甲站, one of 乙站 and one of 丙站."""

    one: PC
    two: PC
    b: PC
    c: PC

    @property
    def all(self) -> tuple[PC, ...]:
        return self.one, self.two, self.b, self.c


@pytest.fixture
def four(server: Server, tmp_path: Path, clock: FixedClock) -> Iterator[Four]:
    """Both other stations asked for 乔国栋, and each PC of 甲站 agreed to another one."""
    third_station(server)
    names = (("one", "于晓梅"), ("two", "郑立群"), ("b", "周长生"), ("c", "侯玉兰"))
    made = Four(*(PC(tmp_path / folder, server, clock, name) for folder, name in names))
    made.one.open_case("c1", "乔国栋")
    made.one.set("c1", id_number=number(7))
    for pc, org in zip(made.all, ("a", "a", "b", "c"), strict=True):
        pc.enrol(org).sync_well()
    for pc in (made.b, made.c):
        asking.ask_in(pc.desk, number(7), "租住在此").result()
    rounds(made.b, made.c, made.one, made.two, times=1)
    for pc, to in ((made.one, "c"), (made.two, "b")):
        clock.tick(60_000)
        (asked,) = [n for n in waits(pc, "transfer_request") if n.more["target"] == to]
        answering.accept(pc.desk, asked.id).result()
    rounds(*made.all)
    yield made
    for pc in made.all:
        pc.close()


def test_where_to_is_asked_with_the_names_of_stations_and_whose_computers_they_were(four: Four) -> None:
    line, one = only(four.c)
    assert one.sort is Sort.TRANSFER
    told = questions_of(four.c.desk, case_subject("c1")).result()
    saying = Saying(four.c.staff, four.c.desk.today, told.names)
    (card,) = cards_of(told, saying)
    said = "".join(piece.words for piece in card.sentence)
    assert [v.value for v in card.versions] == ["乙站", "丙站"]
    assert "其他站经办人" in said and "在其他站电脑定为转往 乙站" in said and "上级" not in said
    assert item_of(line, Saying(four.c.staff, four.c.desk.today, the_board(four.c).names)).note.startswith(
        "其他站电脑"
    )


def test_whom_somebody_else_has_nobody_asks_the_old_station_for_any_longer(four: Four) -> None:
    for pc in (four.one, four.two):
        assert waits(pc, "transfer_request") == []
        assert reading.load_moves(pc.desk).result().wanted == ()


def test_who_went_elsewhere_is_called_by_the_number_that_was_asked_for(four: Four) -> None:
    (told,) = sections("in", reading.load_moves(four.b.desk).result(), four.b.desk.today)
    (card,) = told.cards
    assert card.title == f"{mask_id(number(7))} 已转到其他服务站"


def test_what_the_old_station_decided_is_taken_back_at_the_new_one(
    server: Server, both: tuple[PC, PC], tmp_path: Path, clock: FixedClock
) -> None:
    """It was called a decision of those above, which no station takes back."""
    one, two = both
    one.set("c1", phone="19900000001")
    two.set("c1", phone="19900000002")
    rounds(one, two)
    settle(one.desk, (only(one)[0].subject, only(one)[1]), Keep()).result()
    asking.ask_out(one.desk, "c1", "b", "已搬走").result()
    far = PC(tmp_path / "far", server, clock, "周长生").enrol("b")
    rounds(one, far, times=1)
    answering.accept(far.desk, waits(far, "transfer_request")[0].id).result()
    rounds(far, one, far)
    assert far.case("c1").root.text("name") == "单秀英"
    (decided,) = far.station.file.read(_settlings).result()
    undo_decision(far.desk, decided).result()
    assert only(far)[1].field == "phone"
    far.close()


def test_a_computer_of_the_old_station_that_only_edited_is_not_called_one_above(
    server: Server, both: tuple[PC, PC], county: PC, tmp_path: Path, clock: FixedClock
) -> None:
    one, two = both
    county.enrol("220102", "county").sync()
    far = PC(tmp_path / "far", server, clock, "周长生")
    far.open_case("c9", "乔国栋")
    far.enrol("b").sync_well()
    one.set("c1", phone="19900000001")
    two.set("c1", phone="19900000002")
    rounds(one, two)
    settle(two.desk, (only(two)[0].subject, only(two)[1]), Keep()).result()
    one.set("c1", address="平阳社区")
    two.set("c1", address="锦程社区")
    rounds(two, one, far, county)
    asking.ask_out(one.desk, "c1", "b", "已搬走").result()
    rounds(one, far, times=1)
    answering.accept(far.desk, waits(far, "transfer_request")[0].id).result()
    rounds(far, one, far, county)
    line, asked = only(far)
    told = the_board(far).names
    saying = Saying(far.staff, far.desk.today, told)
    places = {saying.place(v.stamp.replica) for v in asked.versions}
    assert places == {"其他站电脑"}, "the move names the clerks of the station that somebody left"
    assert "电脑 " in item_of(line, saying).note and "上级经办人" not in item_of(line, saying).note
    (shown,) = decisions(far.desk).result().lines
    assert [d.what for d in card_of_decision(shown, saying, above=False).deeds] == ["undo"]
    county.set("c1", phone="19900000003")
    county.set("c9", phone="19900000004")
    rounds(county, far)
    places = the_board(far).names.places.values()
    assert [p.above for p in places].count(True) == 1, "what the county wrote is signed"
    assert not any(p.unsure for p in places)
    undo_decision(far.desk, shown.op_id).result()
    far.close()


def _settlings(con: object) -> list[str]:
    from jobdesk.store import conflict_reads

    return [op.op_id for op in conflict_reads.settlings(con, 9)]  # type: ignore[arg-type]
