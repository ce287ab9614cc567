"""What the protocol demands of a desk: the numbers of ``docs/sync-protocol.md`` stand in the names."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from jobdesk.protocol.bodies import read_body, write_lines
from jobdesk.protocol.messages import PullHead, PushAnswer
from jobdesk.protocol.signing import NONCE
from jobdesk.store import sync_state
from jobdesk.sync.client import Client
from jobdesk.sync.transport import Answered
from province import backups, orgs
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server


def mark(pc: PC) -> sync_state.Mark:
    return pc.station.file.read(lambda con: sync_state.mark(con, pc.station.file.replica_id)).result()


def between(pc: PC, monkeypatch: pytest.MonkeyPatch, path: str, changed: object) -> None:
    """What comes back from one address goes through ``changed`` first."""
    real = pc.wire.request

    def request(method: str, asked: str, headers: Mapping[str, str], body: bytes) -> Answered:
        answer = real(method, asked, headers, body)
        return changed(answer) if asked == path else answer  # type: ignore[operator]

    monkeypatch.setattr(pc.wire, "request", request)


def test_2_3_a_stale_nonce_is_replaced_once(
    server: Server, pcs: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = pcs
    one.enrol().sync_well()
    real, asked = one.wire.request, list[str]()

    def request(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        asked.append(path)
        stale = (
            {**headers, NONCE: "1.2.3"} if asked.count("/v1/push") == 1 and path == "/v1/push" else headers
        )
        return real(method, path, stale, body)

    monkeypatch.setattr(one.wire, "request", request)
    one.open_case("c1")
    one.sync_well()
    assert asked.count("/v1/push") == 2 and asked.count("/v1/hello") == 1
    monkeypatch.setattr(one.wire, "request", lambda m, p, h, b: real(m, p, {**h, NONCE: "1.2.3"}, b))
    before = one.wire.count
    assert one.sync().error == "sync_stale_nonce" and one.wire.count - before <= 4


def test_4_8_only_what_the_server_named_is_acknowledged(
    server: Server, pcs: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = pcs
    one.enrol().sync_well()
    for n in range(3):
        one.open_case(f"c{n}")
    acked = mark(one).acked
    one.wire.fault = lambda _n: "answer_lost" if one.wire.paths[-1] == "/v1/push" else ""
    assert one.sync().error == "no_line"
    assert one.waiting() == 3 and mark(one).acked == acked  # the server has it; nobody here was told
    one.wire.fault = lambda _n: ""
    one.open_case("more")
    one.sync_well()
    assert mark(one).acked == acked + 4 and server.listed() == one.ops()


def test_4_8_nothing_goes_before_it_is_safe(server: Server, pcs: tuple[PC, PC]) -> None:
    """Nor after: operations in scope are never dropped; ``safe`` is what the oldest backup has."""
    one, _ = pcs
    one.open_case("c1")
    one.enrol().sync_well()
    assert mark(one).safe == 0 < mark(one).acked
    count = one.ops()
    with server.db.writing(EVERYTHING) as con:
        backups.mark(con, "mon", server.clock.now_ms())
    one.open_case("c2")
    one.sync_well()
    assert mark(one).safe == count < mark(one).acked == one.ops()


def test_4_8_an_answer_that_names_more_than_there_is(
    server: Server, pcs: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that confuses two lives: nothing of ours counts as sent, and it all arrives."""
    one, two = pcs
    one.enrol().sync_well()
    one.open_case("c1")

    def more(answer: Answered) -> Answered:
        if answer.status != 200:
            return answer
        told = PushAnswer.model_validate_json(answer.body)
        wrong = told.model_copy(
            update={"acked": told.acked.model_copy(update={"seq": 10**6, "hash": "f" * 64})}
        )
        return Answered(answer.status, wrong.model_dump_json().encode())

    with monkeypatch.context() as patched:
        between(one, patched, "/v1/push", more)
        one.sync()
    one.sync_well()
    two.enrol().sync_well()
    assert two.case("c1").exists and one.faults() == []


def test_5_4_a_digest_that_differs_pulls_the_stream_again(
    server: Server, pcs: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = pcs
    one.enrol().sync_well()
    one.open_case("c1")
    told: list[str] = []

    def wrong(answer: Answered) -> Answered:
        head, lines = read_body(answer.body, PullHead)
        if not head.pages or head.pages[0].digest is None or told:
            return answer
        told.append(head.pages[0].digest)
        page = head.pages[0].model_copy(update={"digest": "f" * 64})
        return Answered(200, write_lines(head.model_copy(update={"pages": [page]}), lines))

    between(one, monkeypatch, "/v1/pull", wrong)
    receipt = one.sync_well()
    assert told and "digest" in receipt.repaired and receipt.agreed and one.case("c1").exists
    assert one.digest() == server.digest() and one.faults() == []


def test_5_6_a_stream_that_leaves_the_scope(server: Server, pcs: tuple[PC, PC]) -> None:
    """The county's tree changes: its desk's own work on that stream goes up first; then it asks no more."""
    station, county = pcs
    station.open_case("c1")
    station.enrol("b").sync_well()
    county.enrol("220102", "county").sync_well()
    assert county.case("c1").exists
    county.set("c1", phone="19900000001")
    county.sync_well()
    with server.db.writing(EVERYTHING) as con:
        orgs.add(
            con, [orgs.Org("220103", "邻县", "county", "22"), orgs.Org("b", "乙站", "station", "220103")]
        )
    station.open_case("later")
    station.sync_well()
    county.sync()
    gone = {s.stream: s.gone for s in county.station.file.read(sync_state.streams).result()}
    assert gone["b"] and not gone["a"]
    assert station.case("c1").root.text("phone") == "19900000001"
    assert not county.case("later").exists and county.faults() == []
    assert all(s.stream != "b" for s in county.sync().streams)


def test_a_client_says_the_version_it_was_given() -> None:
    said: list[Mapping[str, str]] = []

    class Nobody:
        def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
            said.append(headers)
            return Answered(404, b"{}")

    client = Client(Nobody(), "d", bytes(32))
    client.version, client.nonce = 7, "n"
    with pytest.raises(Exception, match="sync"):
        client.renew()
    assert said[0]["Jobdesk-Protocol"] == "7"
