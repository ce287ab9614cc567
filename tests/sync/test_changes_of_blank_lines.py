"""A change of a line about somebody erased reaches a restored server before that line does (M-7.2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import decode
from jobdesk.cases.ops import Kind, NewOp, Subject, opened
from jobdesk.services.editing import change
from jobdesk.store.log import ops_of_subject
from jobdesk.sync import offering
from jobdesk.sync.transport import no_line
from province import backups, register
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server, same

HOME = Subject("household", "h1")


def said(pc: PC) -> str:
    ops = pc.station.file.read(lambda con: ops_of_subject(con, "h1")).result()
    return str([op.payload for op in ops])


def cut(_: object) -> bool:
    raise no_line("test")


@pytest.mark.parametrize("times", [1, 2])
def test_who_has_the_line_blank_keeps_no_change_of_it(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch,
    times: int,
) -> None:  # fmt: skip
    """Who wrote the line is gone, and who changed it lost his line behind the push: the server listed the name, the
    other PC took it in beside a line that was blank there, and both kept it.
    """
    one, two = pcs
    author = PC(tmp_path / "author", server, clock, "刘芳").enrol("a")
    for pc in (one, two):
        pc.enrol("a")
    one.open_case("c1")
    for pc in (one, author, two):
        pc.sync_well()
    copy = server.copy("before")
    author.desk.act([opened(HOME, "household", "h1", {"address": "甲路"}),
                     opened(HOME, "member", "m1", {"case": "c1", "name": "赵某"})]).result()  # fmt: skip
    for pc in (author, one, two):
        pc.sync_well()
    author.close()
    for name in ("赵某某", "赵某一")[:times]:
        (member,) = two.state(HOME).of("member")
        new = change(HOME, member, {"name": name})
        assert new is not None
        two.desk.act([new]).result()
    one.desk.act([NewOp(Kind.ERASED, Subject("case", "c1"), {"reason": "request"})]).result()
    one.sync_well()
    with server.db.reading(EVERYTHING) as con:
        known = [*register.written(con)]
    server.restore(copy, epoch=False)
    with server.db.writing(EVERYTHING) as con:
        backups.restored(con, known, server.clock.now_ms())
    with monkeypatch.context() as patched:
        patched.setattr(offering, "offer_as_witness", cut)
        assert two.sync().error == "no_line"
    for _ in range(2):
        one.sync_well()
    with server.db.reading(EVERYTHING) as con:
        lines = con.exec_driver_sql("SELECT line FROM op WHERE subject = 'h1'").scalars().all()
    payloads = [decode(bytes(line)).payload for line in lines]
    assert payloads.count(None) == 1 + times and "赵某" not in str(payloads) and "甲路" in str(payloads)
    assert "赵某" not in said(one) and "甲路" in said(one) and not list(one.state(HOME).of("member"))
    two.sync_well()
    one.sync_well()
    assert "赵某" not in said(two)
    same(server, one, two)
