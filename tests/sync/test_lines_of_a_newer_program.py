"""What only a newer program can read is kept as well as anything else until this one is newer (M-1.4)."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import BadInput
from jobdesk.store import blanking, local, taking_in, unread
from jobdesk.store.safekeeping import back_up
from jobdesk.sync import engine
from tests.sync.ground import DAY_MS, PC, Server, same
from tests.sync.test_contents_after_a_restore import erase
from tests.sync.test_contents_that_follow import attach
from tests.sync.test_found_by_sim import restored


@pytest.fixture
def updated(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the beginning the program can read no visits and no papers; calling it brings the update."""
    whole = taking_in.assembled

    def older(head: list[object], salt: str, body: str | None, spelled: bytes = b"") -> object:
        if any(word in (body or "") for word in ('"service"', '"attachment"')):
            raise BadInput("op_unreadable")
        return whole(head, salt, body, spelled)

    def update() -> None:
        monkeypatch.setattr(taking_in, "assembled", whole)
        monkeypatch.setattr(engine, "__version__", "99.0")

    monkeypatch.setattr(taking_in, "assembled", older)
    return update


def kept(pc: PC) -> list[tuple[str, bytes]]:
    return pc.station.file.read(unread.lines).result()


def both(one: PC, two: PC) -> None:
    one.open_case("c1")
    one.enrol().sync_well()
    two.enrol().sync_well()


@pytest.mark.parametrize("which", [0, 1], ids=["journal", "journal and newest backup"])
def test_a_restored_pc_still_has_them(
    pcs: tuple[PC, PC], clock: FixedClock, updated: Callable[[], None], which: int
) -> None:
    one, two = pcs
    both(one, two)
    back_up(two.station, "test").result()
    one.serve("c1", "neu")
    one.sync_well()
    two.sync_well()
    before = kept(two)
    clock.tick(DAY_MS)
    for _ in range(which):
        back_up(two.station, "test").result()
        two.reopen()
    if which:  # the newest backup has them, and of the journal nothing is left
        two.close()
        shutil.rmtree(two.paths.journal)
        two.reopen_closed()
    restored(two, which)
    assert kept(two) == before and len(before) == 1
    updated()
    for pc in (two, one, two):
        pc.sync_well()
    assert len(two.case("c1").of("service")) == 1


def test_a_restored_server_gets_them_once_somebody_can_read_them(
    server: Server, pcs: tuple[PC, PC], updated: Callable[[], None]
) -> None:
    """The PC that wrote them is gone; the exchange that offers was over before the update came."""
    one, two = pcs
    both(one, two)
    copy = server.copy("before.db")
    one.serve("c1", "neu")
    one.sync_well()
    two.sync_well()
    server.restore(copy, epoch=True)
    two.sync_well()
    updated()
    two.sync_well()
    late = server.listed()
    assert len(two.case("c1").of("service")) == 1
    one.sync_well()
    assert server.listed() == late and two.digest() == server.digest()


def test_an_erasure_takes_them_too(server: Server, pcs: tuple[PC, PC], updated: Callable[[], None]) -> None:
    one, two = pcs
    both(one, two)
    one.serve("c1", "neu")
    one.sync_well()
    two.sync_well()
    ((_, line),) = kept(two)
    assert b"neu" in line
    erase(one, "c1")
    one.sync_well()
    two.sync_well()
    ((_, blank),) = kept(two)
    assert b"neu" not in blank
    journal = two.station.journal
    assert journal is not None and not any(b"neu" in frame for frame in journal.read_all())
    updated()
    for pc in (one, two, one):
        pc.sync_well()
    same(server, one, two)


# ---------------------------------------------------------------------- bytes that they name


def paper_of_two(one: PC, two: PC) -> str:
    """The second PC has a paper in the file ``mine``, and only reads later that ``c1`` has the same one."""
    both(one, two)
    two.open_case("mine")
    back_up(two.station, "test").result()
    digest = attach(two, "mine")
    assert attach(one, "c1") == digest
    one.sync_well()
    two.sync_well()
    assert any(digest.encode() in line for _, line in kept(two))
    return digest


def has(pc: PC, digest: str) -> bool:
    return pc.station.file.read(lambda con: local.blob(con, digest) is not None).result()


def test_a_restore_keeps_the_bytes_that_only_they_name(
    pcs: tuple[PC, PC], updated: Callable[[], None]
) -> None:
    """What a journal brought and no operation names was dropped: no server here had the paper of ``c1``."""
    one, two = pcs
    digest = paper_of_two(one, two)
    erase(two, "mine")
    restored(two, 0)
    assert two.case("mine").erased and has(two, digest)
    updated()
    two.sync_well()
    assert two.case("c1").of("attachment") and has(two, digest)


def test_who_else_had_the_paper_is_erased_or_leaves_without_it(pcs: tuple[PC, PC], updated: object) -> None:
    one, two = pcs
    digest = paper_of_two(one, two)
    two.open_case("moved")
    attach(two, "moved")
    two.station.file.write(lambda w: blanking.blank_left(w, ["moved"], two.clock.now_ms())).result()
    assert has(two, digest)
    two.station.file.write(lambda w: blanking.erase_told(w, ["mine"], two.clock.now_ms())).result()
    assert has(two, digest)


def test_they_go_with_the_last_who_is_erased(pcs: tuple[PC, PC], updated: object) -> None:
    one, two = pcs
    digest = paper_of_two(one, two)
    for case in ("mine", "c1"):
        two.station.file.write(lambda w, i=case: blanking.erase_told(w, [i], two.clock.now_ms())).result()
    assert not has(two, digest)
    assert not any(digest.encode() in line for _, line in kept(two))
