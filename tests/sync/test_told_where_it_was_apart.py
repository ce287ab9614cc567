"""That something is listed after all is told where somebody had been told that it is not, and nowhere else."""

from __future__ import annotations

from jobdesk.cases.ops import Subject, fields_set
from jobdesk.services.syncing import sync_now
from jobdesk.store import sync_told
from jobdesk.ui.sync.notices_state import plain_ones
from province import quarantine
from tests.sync.ground import PC, Server


def shown(pc: PC) -> list[str]:
    return [n.text for n in plain_ones(pc.station.file.read(sync_told.notices).result())]


def test_a_colleague_and_the_county_hear_nothing_of_what_was_never_refused_there(
    server: Server, pcs: tuple[PC, PC], county: PC
) -> None:
    """Both counted 1 件待处理 over 先前没有被接收的一次保存 where nothing had been refused."""
    one, two = pcs
    far = PC(one.paths.data.parent.parent / "far", server, one.clock).enrol("b")
    for pc, org, role in ((one, "a", "desk"), (two, "a", "desk"), (county, "220102", "county")):
        pc.enrol(org, role)
    far.open_case("c1")
    for pc in (far, one, two, county):
        pc.sync_well()
    one.desk.act([fields_set(Subject("case", "c1"), "case", "c1", {"phone": "19900000001"}, {})]).result()
    one.sync()
    (apart,) = one.station.file.read(sync_told.apart).result()
    secret = server.province.me().person_secret
    assert quarantine.release(server.db, apart.action, secret, server.clock.now_ms()) is None
    receipts = [pc.sync() for pc in (one, two, county)]
    assert [shown(pc) for pc in (one, two, county)] == [[apart.action], [], []]
    assert [r.notices for r in receipts] == [1, 0, 0]
    assert [sync_now(pc.desk).result().for_person for pc in (one, two, county)] == [1, 0, 0]
    assert not one.station.file.read(sync_told.apart).result()
    for pc in (one, two, county):  # told again, it stays so
        pc.sync_well()
    assert [shown(pc) for pc in (one, two, county)] == [[apart.action], [], []]
    far.close()
