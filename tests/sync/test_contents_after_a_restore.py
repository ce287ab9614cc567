"""A restored server has lost which operations named its contents; the folder itself was never taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.store import sync_blobs
from province import backups, contents, register
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server, same
from tests.sync.test_contents_that_follow import attach


@pytest.fixture
def store(server: Server, tmp_path: Path) -> contents.Store:
    made = contents.Store(tmp_path / "contents")
    server.province.store = made
    return made


def back(server: Server, copy: Path, *, epoch: bool = True) -> None:
    store = server.province.store
    server.restore(copy, epoch=epoch)
    server.province.store = store


def backed_up(server: Server, one: PC, two: PC) -> Path:
    """A backup of the server with a file that both PCs have, before any paper of it."""
    one.enrol().open_case("c1")
    for pc in (one, two.enrol()):
        pc.sync_well()
    return server.copy("backup.db")


def erase(pc: PC, case: str) -> None:
    pc.desk.act([NewOp(Kind.ERASED, Subject("case", case), {"reason": "request"})]).result()


@pytest.mark.parametrize("epoch", [True, False])
def test_who_is_erased_behind_a_restore_leaves_no_bytes(
    server: Server, pcs: tuple[PC, PC], store: contents.Store, epoch: bool
) -> None:
    """The operation that had named them came again blank: nothing on the server said any more whose they were,
    and they stayed for ever.
    """
    one, two = pcs
    copy = backed_up(server, one, two)
    digest = attach(one, "c1")
    one.sync_well()
    assert store.state(digest).complete
    back(server, copy, epoch=epoch)
    erase(two, "c1")  # who has not heard of the paper
    two.sync_well()
    for pc in (one, two, one):
        pc.sync_well()
    assert store.state(digest).held == 0
    same(server, one, two)


def test_what_was_uploaded_before_owners_were_noted_goes_too(
    server: Server, pcs: tuple[PC, PC], store: contents.Store
) -> None:
    """An upgrade goes through them once; nobody else would have until somebody asked for them."""
    one, two = pcs
    copy = backed_up(server, one, two)
    digest = attach(one, "c1")
    one.sync_well()
    for note in (p for p in [*store.folder.rglob("*")] if p.is_file() and p.name != digest):
        note.unlink()
    for _ in range(2):
        contents.note_all(server.db, store)
    back(server, copy)
    erase(two, "c1")
    for pc in (two, one):
        pc.sync_well()
    assert store.state(digest).held == 0


def test_half_an_upload_goes_too(server: Server, pcs: tuple[PC, PC], store: contents.Store) -> None:
    one, two = pcs
    copy = backed_up(server, one, two)
    digest = attach(one, "c1")
    one.wire.fault = lambda _n: "lost" if one.wire.paths[-1].startswith("/v1/blobs") else ""
    one.sync()
    with server.db.reading(EVERYTHING) as con:
        contents.note_owners(con, store, [digest])
    store.put(digest, 0, 3009, b"%PDF")
    one.wire.fault = lambda _n: ""
    back(server, copy)
    erase(two, "c1")
    for pc in (two, one):
        pc.sync_well()
    assert store.state(digest).held == 0


def test_a_paper_of_two_people_stays_until_both_are_erased(
    server: Server, pcs: tuple[PC, PC], store: contents.Store
) -> None:
    """Also while the other one's operation has not come back to the restored server yet."""
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    copy = server.copy("backup.db")
    one.open_case("c1")
    two.open_case("c2")
    digest = attach(one, "c1")
    one.sync_well()
    assert attach(two, "c2") == digest
    two.sync_well()
    back(server, copy)
    erase(one, "c1")
    one.sync_well()
    assert store.state(digest).complete
    two.sync_well()
    assert two.station.file.read(sync_blobs.wanted).result() == [] and store.state(digest).complete
    erase(two, "c2")
    two.sync_well()
    assert store.state(digest).held == 0


def test_the_register_alone_takes_the_bytes(
    server: Server, pcs: tuple[PC, PC], store: contents.Store
) -> None:
    """A process that died between its commit and the folder, and then a restore: ``province epoch --erased``."""
    one, _ = pcs
    one.enrol().sync_well()
    copy = server.copy("backup.db")
    one.open_case("c1")
    digest = attach(one, "c1")
    one.sync_well()
    server.province.store = None  # the bytes are left behind
    erase(one, "c1")
    one.sync_well()
    with server.db.reading(EVERYTHING) as con:
        lines = [*register.written(con)]
    server.province.store = store
    back(server, copy)
    with server.db.writing(EVERYTHING) as con:
        _, gone = backups.restored(con, lines, server.clock.now_ms())
    assert gone == set() and store.state(digest).complete
    contents.drop_erased(server.db, store)
    assert store.state(digest).held == 0
    assert not any(p.is_file() for p in store.folder.rglob("*"))
