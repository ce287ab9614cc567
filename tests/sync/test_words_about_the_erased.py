"""Who is erased while two stations speak of him: both hear it, and the one that never had his file keeps nothing
of what it was told (M-6.10).
"""

from __future__ import annotations

import pytest

from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.protocol import messages
from jobdesk.services.moving import answering, asking, reading
from jobdesk.services.moving.reading import Moves
from jobdesk.store import sync_moves, sync_told
from jobdesk.ui.moves import state
from province.db import tables as t
from province.db.engine import EVERYTHING
from tests.sync.ground import DAY_MS, PC, Server
from tests.sync.test_transfers import ab, asks, colleague, number, rounds, waits

__all__ = ["ab", "colleague"]
NAME, REASON = "朱建国", "朱建国家已搬到乙站辖区"


def erase(pc: PC, case: str = "c1") -> None:
    pc.desk.act([NewOp(Kind.ERASED, Subject("case", case), {"reason": "request"})]).result()


def found(pc: PC) -> Moves:
    return reading.load_moves(pc.desk).result()


def words(pc: PC) -> list[str]:
    """Every card of 转入转出."""
    told = found(pc)
    return [c.title for tab in state.TABS for s in state.sections(tab, told, pc.desk.day) for c in s.cards]


def keeps(pc: PC) -> str:
    """Whatever is in the tables of what was told and said."""

    def job(con: object) -> str:
        return str([sync_told.notices(con), sync_moves.asks(con)])  # pyright: ignore

    return pc.station.file.read(job).result()


def asked_out(here: PC, there: PC) -> str:
    """The request as it waits at the other station."""
    here.open_case("c1", NAME)
    here.set("c1", id_number=number(1), birth="1980-01-01")
    asking.ask_out(here.desk, "c1", "b", REASON).result()
    rounds(here, there, times=1)
    (asked,) = waits(there, "transfer_request")
    assert "朱**" in keeps(there) and REASON in keeps(there)
    return asked.id


def nothing_left(pc: PC) -> None:
    kept = keeps(pc)
    for said in ("朱", REASON, "1980", number(1)[-4:]):
        assert said not in kept


def test_who_was_asked_hears_it_and_keeps_nothing(ab: tuple[PC, PC]) -> None:
    here, there = ab
    asked_out(here, there)
    erase(here)
    rounds(here, there, here, there, times=1)
    nothing_left(there)
    nothing_left(here)
    for pc in ab:
        (card,) = words(pc)
        assert "依法删除" in card
    assert asks(here) == []
    assert state.waiting(found(there)) == {"in": 1, "out": 0, "twins": 0}
    assert state.waiting(found(here)) == {"in": 0, "out": 1, "twins": 0}
    (notice,) = waits(there)
    answering.acknowledge(there.desk, notice.id).result()
    rounds(there, here)
    assert words(there) == [] and waits(there) == []


def test_a_yes_that_crosses_it(ab: tuple[PC, PC]) -> None:
    here, there = ab
    request = asked_out(here, there)
    erase(here)
    here.sync_well()
    answering.accept(there.desk, request).result()
    rounds(there, here)
    (card,) = words(there)
    assert "依法删除" in card
    nothing_left(there)


def test_a_yes_that_crosses_it_after_months(ab: tuple[PC, PC], server: Server) -> None:
    """The server tells nothing of it any longer: its answer does."""
    here, there = ab
    request = asked_out(here, there)
    erase(here)
    here.sync_well()
    answering.accept(there.desk, request).result()
    there.clock.tick(400 * DAY_MS)
    there.sync_well()
    assert ["依法删除" in w for w in words(there)] == [True]
    nothing_left(there)


def test_after_a_yes_that_nobody_had_carried_out(ab: tuple[PC, PC]) -> None:
    here, there = ab
    request = asked_out(here, there)
    answering.accept(there.desk, request).result()
    there.sync_well()
    erase(here)
    rounds(here, there, here)
    (card,) = words(there)
    assert "依法删除" in card
    nothing_left(there)


def test_a_refusal_of_before_is_blank_and_nobody_is_told(ab: tuple[PC, PC]) -> None:
    here, there = ab
    request = asked_out(here, there)
    answering.refuse(there.desk, request, f"{NAME}不住这里").result()
    rounds(there, here, there)
    erase(here)
    rounds(here, there, here)
    nothing_left(there)
    assert waits(there) == []


def test_who_asked_for_him_hears_it(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1", NAME)
    here.set("c1", id_number=number(1))
    here.sync_well()
    asking.ask_in(there.desk, number(1), REASON).result()
    rounds(there, here)
    (_asked,) = waits(here, "transfer_request")
    erase(here)
    rounds(here, there, here)
    assert asks(there) == []
    for pc in ab:
        assert ["依法删除" in w for w in words(pc)] == [True], words(pc)
        nothing_left(pc)


def test_the_other_file_of_a_person_twice(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1", NAME)
    there.open_case("c2", NAME)
    for pc, case in ((here, "c1"), (there, "c2")):
        pc.set(case, id_number=number(1), birth="1980-01-01")
    rounds(here, there)
    assert [n.kind for n in waits(there)] == ["duplicate"]
    erase(here)
    rounds(here, there, here)
    (card,) = words(there)
    assert "依法删除" in card and state.waiting(found(there))["twins"] == 1
    assert words(here) == []
    for pc in ab:
        assert "朱**" not in keeps(pc)


@pytest.mark.parametrize("times", [1, 3])
def test_an_erasure_by_two_pcs(ab: tuple[PC, PC], colleague: PC, times: int) -> None:
    """The second one takes nothing back of what the first one told."""
    here, there = ab
    colleague.enrol("a")
    asked_out(here, there)
    colleague.sync_well()
    for pc in (here, colleague):
        for _ in range(times):
            erase(pc)
    here.sync_well()
    there.sync_well()
    assert ["依法删除" in w for w in words(there)] == [True]
    rounds(colleague, there, here, times=2)
    for pc in (here, there, colleague):
        assert ["依法删除" in w for w in words(pc)] == [True], words(pc)
        nothing_left(pc)
    assert len(waits(there)) == 1


def test_a_reason_that_a_later_server_gives(ab: tuple[PC, PC]) -> None:
    """It is taken in with everything beside it, and nobody is said to be erased."""
    here, there = ab
    request = asked_out(here, there)
    later = messages.Notice(
        id="over",
        kind="transfer_over",
        subjects=["c1"],
        why="w" * 64,
        answers=request,
        target="b",
        sender="a",
    )
    kept = messages.Notice.model_validate_json(later.model_dump_json())
    more = {"why": kept.why, "target": "b"}
    told = sync_told.Notice("over", kept.kind, ("c1",), "", 1, 0, "a", "b", request, more)
    there.station.file.write(lambda w: sync_told.put_notice(w.con, told)).result()
    assert words(there) and not any("依法删除" in w for w in words(there))


def test_the_server_keeps_nothing_of_it_whatever_desks_do(ab: tuple[PC, PC], server: Server) -> None:
    """Also of a desk that does not know what the word means."""
    here, there = ab
    asked_out(here, there)
    with server.db.reading(EVERYTHING) as con:
        assert "朱**" in str(con.execute(t.notice.select()).all())
    erase(here)
    here.sync_well()
    with server.db.reading(EVERYTHING) as con:
        kept = str(con.execute(t.notice.select()).all())
    for said in ("朱", REASON, "1980", number(1)[-4:]):
        assert said not in kept
