"""Two files of one person that point to each other: two PCs merged them apart from each other, or two stations
agreed to each other's wish at once and each gave its file away as an alias of the one that it lost thereby.
Everybody comes to one file, at one station.
"""

from __future__ import annotations

import pytest

from jobdesk.cases.ops import Kind, Subject, fields_set
from jobdesk.services.merging import merge, unmerge
from jobdesk.services.moving import answering, asking, reading
from jobdesk.store.log import ops_of_subject
from tests.sync.ground import PC, Server, same
from tests.sync.test_moves import backed_up, blank, move
from tests.sync.test_transfers import ab, away, colleague, number, on_list, rounds, waits

__all__ = ["ab", "colleague"]


def crossed(here: PC, there: PC, server: Server) -> None:
    """One person in two files; each station asks for the other's and, without a line, agrees."""
    for pc, case in ((here, "mine"), (there, "yours")):
        pc.open_case(case, "王小梅")
        pc.set(case, id_number=number(1))
        pc.serve(case, f"{case} 的服务")
    rounds(here, there, here, times=1)
    asking.ask_for(here.desk, "yours", "此人现住本站辖区", into="mine").result()
    asking.ask_for(there.desk, "mine", "此人现住本站辖区", into="yours").result()
    rounds(here, there, here, times=1)
    for pc in (here, there):
        answering.accept(pc.desk, waits(pc, "transfer_request")[0].id).result()


def moves(pc: PC, case: str) -> list[str]:
    ops = pc.station.file.read(lambda con: ops_of_subject(con, case)).result()
    return [op.kind.value for op in ops if op.kind in (Kind.TRANSFERRED, Kind.MERGED, Kind.UNMERGED)]


@pytest.mark.parametrize("first", ["here", "there"])
def test_the_person_stays_on_one_list(ab: tuple[PC, PC], server: Server, first: str) -> None:
    here, there = ab
    crossed(here, there, server)
    rounds(*(ab if first == "here" else ab[::-1]))
    assert (on_list(here), on_list(there)) == (set(), {"mine"})
    assert there.case("yours").root.text("merged_into") == "mine"
    assert there.case("mine").root.text("merged_into") == ""
    said = [s.text("content") for case in ("mine", "yours") for s in there.case(case).of("service")]
    assert said == ["mine 的服务", "yours 的服务"]
    assert away(here) == {"mine": "b", "yours": "b"} and waits(here) == [] and waits(there) == []
    for org, pc in (("a", here), ("b", there)):
        assert pc.digest(org) == server.digest(org) and pc.faults() == []
    assert [pair.alias for pair in reading.load_moves(there.desk).result().merged] == ["yours"]
    unmerge(there.desk, "yours", "原来是两个人").result()
    rounds(there, here)
    assert (on_list(here), on_list(there)) == (set(), {"mine", "yours"})


@pytest.mark.parametrize("late", ["here", "there"])
def test_also_weeks_later_when_what_was_given_is_blank(ab: tuple[PC, PC], server: Server, late: str) -> None:
    here, there = ab
    crossed(here, there, server)
    last, first = ab if late == "here" else ab[::-1]
    rounds(first)
    backed_up(server)
    rounds(first)
    assert blank(first, "yours" if late == "here" else "mine")
    rounds(last, first)
    assert (on_list(here), on_list(there)) == (set(), {"mine"})
    assert (
        there.case("yours").root.text("merged_into") == "mine" and len(there.case("yours").of("service")) == 1
    )
    assert [pc.faults() for pc in ab] == [[], []]


def test_a_second_pc_of_a_station_does_it_no_second_time(
    ab: tuple[PC, PC], colleague: PC, server: Server
) -> None:
    here, there = ab
    colleague.enrol("a")
    crossed(here, there, server)
    for pc in (here, there, colleague, here, there, colleague, there):
        pc.sync_well()
    assert (on_list(here), on_list(colleague), on_list(there)) == (set(), set(), {"mine"})
    assert moves(there, "yours").count("Transferred") == 2 and moves(there, "mine").count("Unmerged") == 1


def test_a_file_of_which_only_the_merge_is_known_does_not_go_along(ab: tuple[PC, PC], server: Server) -> None:
    """Seed 210000619: given back, a person took along somebody's file that had never been there."""
    here, there = ab
    here.open_case("e", "王小梅")
    move(here, "e", "b")
    rounds(here, there)
    here.open_case("x", "王小梅")
    into = {"merged_into": "e"}
    merged = fields_set(Subject("case", "x"), "case", "x", into, {"merged_into": []}, kind=Kind.MERGED)
    here.desk.act([merged]).result()  # by somebody who had not heard that e had gone
    rounds(here, there)
    assert there.case("x").root.text("merged_into") == "e" and on_list(there) == {"e"}
    asking.ask_for(here.desk, "e", "人回来了").result()
    rounds(here, there, here, times=1)
    answering.accept(there.desk, waits(there, "transfer_request")[0].id).result()
    rounds(there, here)
    assert on_list(there) == set() and on_list(here) == {"e"}
    assert moves(here, "x") == ["Merged"] and moves(here, "e") == ["Transferred", "Transferred"]
    assert [pc.faults() for pc in ab] == [[], []]


def test_two_pcs_of_a_station_that_merged_either_way(server: Server, pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    one.enrol()
    for case in ("c1", "c2"):
        one.open_case(case, "王小梅")
    one.sync_well()
    two.enrol().sync_well()
    merge(one.desk, "c1", "c2", "同一人").result()
    merge(two.desk, "c2", "c1", "同一人").result()
    rounds(one, two)
    assert on_list(one) == on_list(two) == {"c1"}
    assert one.case("c2").root.text("merged_into") == "c1"
    same(server, one, two)
    unmerge(two.desk, "c2", "原来是两个人").result()
    rounds(two, one)
    assert on_list(one) == on_list(two) == {"c1", "c2"}
