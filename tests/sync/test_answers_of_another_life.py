"""A proxy that answers out of what it kept: the answer to a push may be that of another life of the file."""

from __future__ import annotations

from collections.abc import Mapping

from jobdesk.services.moving import asking
from jobdesk.store import rechaining, sync_state
from jobdesk.sync.transport import Answered
from province import backups
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server, Wire, same
from tests.sync.test_transfers import waits


class Proxy(Wire):
    """Gives the first request of this path the answer that it kept, and asks nobody."""

    of = "/v1/push"
    kept: Answered | None = None

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        if path != self.of or self.kept is None:
            return super().request(method, path, headers, body)
        answer, self.kept = self.kept, None
        return answer


class Keeping(Wire):
    """Keeps what was answered on this path last."""

    of = "/v1/push"
    kept: Answered

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        answer = super().request(method, path, headers, body)
        if path == self.of:
            self.kept = answer
        return answer


def test_what_another_life_was_told_is_safe_makes_nothing_of_this_one_safe(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """It was believed to be in a backup, and blanked with a file that left: the server went back, and it was lost.
    And as all of it was safe, nobody asked about it again.
    """
    one, two = pcs
    one.enrol().open_case("c1")
    for n in range(5):
        one.serve("c1", f"{n}")
    one.sync_well()
    with server.db.writing(EVERYTHING) as con:
        backups.mark(con, "backup-1", server.clock.now_ms())
    keeping = one.wire = Keeping(server)
    one.sync_well()
    life = one.station.file.write(lambda w: (rechaining.begin_new_life(w), w.chain.replica_id)[1]).result()
    one.serve("c1", "in another life")
    proxy = one.wire = Proxy(server)
    proxy.kept = keeping.kept
    one.sync()
    assert one.station.file.read(lambda con: sync_state.mark(con, life)).result().safe == 0
    one.wire = Wire(server)
    one.sync_well()
    told = one.station.file.read(lambda con: sync_state.mark(con, life)).result()
    assert told.acked == sync_last(one, life) and told.safe == 0
    two.enrol().sync_well()
    one.sync_well()
    same(server, one, two)


def sync_last(pc: PC, life: str) -> int:
    return pc.station.file.read(lambda con: sync_state.last_seq(con, life)).result()


def test_a_word_that_a_server_before_its_restore_answered_is_said_to_the_one_there_is(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """The old server's answer was taken for the new one's: a request stood nowhere, and was never said again."""
    one, two = pcs
    one.enrol("a").open_case("c1")
    one.sync_well()
    two.enrol("b").sync_well()
    copy = server.copy("before")
    keeping = one.wire = Keeping(server)
    keeping.of = "/v1/transfer"
    asking.ask_out(one.desk, "c1", "b", "户籍已迁往乙站辖区").result()
    one.sync_well()
    assert not waits(two, "transfer_request")
    server.restore(copy, epoch=True)
    proxy = one.wire = Proxy(server)
    proxy.of, proxy.kept = "/v1/transfer", keeping.kept
    one.sync()
    one.wire = Wire(server)
    one.sync_well()
    two.sync_well()
    assert len(waits(two, "transfer_request")) == 1
