"""What a server lists of a broken or wicked desk does not stop the others of its station."""

from __future__ import annotations

from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import NewOp, Subject
from tests.province.ground import DeskHere
from tests.province.test_odd_content import ODD
from tests.sync.ground import PC, Server


def test_content_that_nobody_would_write_stops_no_colleague(tmp_path: Path) -> None:
    clock = FixedClock.at(2026, 7, 1)
    pc = PC(tmp_path / "pc", Server(tmp_path / "server", clock), clock)
    pc.enrol().sync_well()
    odd = DeskHere(pc.server.db, replica="odd")
    for n, (what, (kind, of, payload)) in enumerate(ODD.items()):
        odd.act(f"c{n}")
        said = {**payload, "id": f"c{n}"} if payload.get("id") == "c" else payload
        odd.act(new=[NewOp(kind, Subject(of, f"c{n}"), said)])
        odd.push()
        assert pc.sync_well().agreed, what
        if of == "case":
            assert pc.case(f"c{n}").subject.id == f"c{n}", what
    pc.open_case("mine")
    assert pc.sync_well().agreed
    pc.close()
    pc.server.db.engine.dispose()
