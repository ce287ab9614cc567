"""疑似同一人 and the request to merge are one matter: it counts once at both stations, wherever it waits."""

from __future__ import annotations

from jobdesk.services.moving import answering, asking, pairing
from jobdesk.services.moving.reading import load_moves
from jobdesk.services.syncing import notices, sync_now
from jobdesk.ui.moves.state import sections, waiting
from jobdesk.ui.sync.doors import doors
from tests.sync.ground import PC, Server
from tests.sync.test_transfers import number, waits


def count(pc: PC) -> dict[str, int]:
    """What 转入转出 counts; the pill and 同步 say the same."""
    found = {k: n for k, n in waiting(load_moves(pc.desk).result()).items() if n}
    now = sync_now(pc.desk).result()
    assert now.for_person == sum(found.values())
    unseen = notices(pc.desk, unseen_only=True).result()
    assert sum(d.number for d in doors(now.counts, unseen) if d.key == "moves") == now.for_person
    return found


def state(pc: PC) -> tuple[str, set[str]]:
    """What the card of the double says, and what it offers."""
    (section,) = sections("twins", load_moves(pc.desk).result(), pc.desk.today)
    (card,) = section.cards
    return card.chip, {do.verb for do in card.does}


def doubled(one: PC, two: PC) -> None:
    for pc, org, mark in ((one, "a", "a"), (two, "b", "b")):
        pc.enrol(org)
        pc.open_case("x" + mark, "王小梅")
        pc.set("x" + mark, id_number=number(1))
    for pc in (one, two, one):
        pc.sync_well()


def test_a_request_to_merge_counts_once_at_both_stations(pcs: tuple[PC, PC]) -> None:
    """转出 1 and 疑似同一人 1 stood there over one person, and 疑似同一人 1 where nothing was to be done."""
    one, two = pcs
    doubled(one, two)
    assert count(one) == count(two) == {"twins": 1}
    asking.ask_for(one.desk, "xb", "由本站服务", into="xa").result()
    assert count(one) == {} and state(one)[0] == "等待联网"
    one.sync_well()
    assert count(one) == {} and state(one)[0] == "已送达，等待答复"
    two.sync_well()
    assert count(two) == {"out": 1}
    chip, offers = state(two)
    assert chip == "对方已请求并入其档案，请在「转出」答复" and "ask_twin" not in offers
    answering.accept(two.desk, waits(two)[0].id).result()
    for pc in (two, one, two):
        pc.sync_well()
    assert count(one) == count(two) == {}


def test_a_refusal_is_read_first_and_then_the_double_waits_again(pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    doubled(one, two)
    asking.ask_for(one.desk, "xb", "由本站服务", into="xa").result()
    one.sync_well()
    two.sync_well()
    (wanted,) = [n for n in waits(two) if n.kind == "transfer_request"]
    answering.refuse(two.desk, wanted.id, "仍住本街道").result()
    assert count(two) == {"twins": 1}
    two.sync_well()
    one.sync_well()
    assert count(one) == {"in": 1}
    (no,) = [n for n in waits(one) if n.kind == "transfer_refuse"]
    answering.acknowledge(one.desk, no.id).result()
    assert count(one) == {"twins": 1} and state(one)[0] == ""


def test_what_is_taken_back_waits_again(pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    doubled(one, two)
    ask = asking.ask_for(one.desk, "xb", "由本站服务", into="xa").result()
    one.sync_well()
    two.sync_well()
    asking.take_back(one.desk, ask.id).result()
    assert count(one) == {"twins": 1}
    one.sync_well()
    two.sync_well()
    assert count(two) == {"twins": 1} and state(two)[0] == ""
    (pair,) = load_moves(two.desk).result().twins
    pairing.not_the_same(two.desk, pair.notice.id).result()
    assert count(two) == {}


def test_so_it_is_at_a_colleagues_pc(server: Server, pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    doubled(one, two)
    colleague = PC(one.folder.parent / "colleague", server, one.clock, "孙立国").enrol("a")
    colleague.sync_well()
    assert count(colleague) == {"twins": 1}
    asking.ask_for(one.desk, "xb", "由本站服务", into="xa").result()
    one.sync_well()
    colleague.sync_well()
    assert count(colleague) == {} and state(colleague)[0] == "已送达，等待答复"
    two.sync_well()
    (wanted,) = [n for n in waits(two) if n.kind == "transfer_request"]
    answering.refuse(two.desk, wanted.id, "仍住本街道").result()
    two.sync_well()
    colleague.sync_well()
    assert sum(count(colleague).values()) == 1
    colleague.close()


def test_another_request_about_the_person_leaves_the_double(pcs: tuple[PC, PC]) -> None:
    """Whoever is to move to a third station is still twice."""
    one, two = pcs
    doubled(one, two)
    asking.ask_out(one.desk, "xa", "b", "已搬走").result()
    one.sync_well()
    two.sync_well()
    assert count(one) == {"twins": 1} and count(two) == {"in": 1, "twins": 1}
