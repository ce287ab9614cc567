"""A proxy that answers out of what it kept: the answer to a push may be that of another life of the file."""

from __future__ import annotations

from collections.abc import Mapping

from jobdesk.store import rechaining, sync_state
from jobdesk.sync.transport import Answered
from province import backups
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server, Wire, same


class Proxy(Wire):
    """Gives the first push it is asked the answer that it kept."""

    kept: Answered | None = None

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        answer = super().request(method, path, headers, body)
        if path.endswith("/push") and self.kept is not None:
            answer, self.kept = self.kept, None
        return answer


class Keeping(Wire):
    pushed: list[Answered]

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        answer = super().request(method, path, headers, body)
        if path.endswith("/push"):
            self.pushed.append(answer)
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
    keeping = Keeping(server)
    keeping.pushed = []
    one.wire = keeping
    one.sync_well()
    life = one.station.file.write(lambda w: (rechaining.begin_new_life(w), w.chain.replica_id)[1]).result()
    one.serve("c1", "in another life")
    proxy = Proxy(server)
    proxy.kept = keeping.pushed[-1]
    one.wire = proxy
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
