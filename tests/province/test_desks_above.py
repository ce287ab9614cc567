"""What a machine above the stations does not get, by whatever way it asks (M-9.4, M-9.6, section 12)."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from jobdesk.cases.codec import decode
from jobdesk.cases.ops import Json, Kind, NewOp, Subject, fields_set
from jobdesk.protocol.bodies import read_body, write_body
from jobdesk.protocol.codes import ErrorCode, Reason, Verdict
from jobdesk.protocol.messages import BlobsTold, Notice, PullHead, PushAnswer, PushHead
from province import contents
from province.asking import Vouched
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.refusing import Refused
from province.serving import Province
from tests.province.ground import NOW, DeskHere
from tests.province.test_web import Device, Server, refusal

CASE = Subject("case", "c1")
PAPER = b"a paper of somebody"
DIGEST = sha256(PAPER).hexdigest()
REASON = "残疾人，刑满释放"


def push(device: Device, desk: DeskHere) -> PushAnswer:
    lines = desk.ops[desk.acked.seq :]
    head = PushHead(replica=desk.replica, acked=desk.acked, last_seq=len(desk.ops), now_ms=NOW,
                    count=len(lines))  # fmt: skip
    answer = PushAnswer.model_validate_json(device.ask("/v1/push", write_body(head, lines)).content)
    desk.acked = answer.acked
    return answer


def names(record: str, digest: str, kind: Kind = Kind.FIELDS_SET) -> NewOp:
    values: dict[str, Json] = {"digest": digest, "name": "x"}
    if kind is Kind.FIELDS_SET:
        return fields_set(CASE, record, f"{record}-1", values, {k: [] for k in values})
    return NewOp(kind, CASE, {"record": record, "id": f"{record}-1", "set": values})


class Three:
    """A station's desk, one of the county above it, and a machine of the county that only carries."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.server = Server(db)
        self.server.province.store = contents.Store(folder)
        self.station, self.county, self.carrier = (Device(self.server) for _ in range(3))
        self.station.enrol(self.server.code("a"))
        self.county.enrol(self.server.code("220102", "county"))
        self.carrier.enrol(self.server.code("220102", "carrier"))
        self.ours, self.above = DeskHere(db, "a", "r1"), DeskHere(db, "220102", "r9", "county")

    @property
    def province(self) -> Province:
        return self.server.province

    def put(self, device: Device, body: bytes) -> None:
        self.province.put_blob(
            Vouched("PUT", "", body, device.id, "", ""), sha256(body).hexdigest(), 0, len(body)
        )

    def get(self, device: Device, digest: str) -> bytes:
        return self.province.get_blob(Vouched("GET", "", b"", device.id, "", ""), digest, 0)[0]

    def is_shut(self, device: Device, digest: str) -> bool:
        try:
            self.get(device, digest)
        except Refused as no:
            return no.error is ErrorCode.OUT_OF_SCOPE
        return False


@pytest.fixture
def three(db: Database, tmp_path: Path) -> Three:
    return Three(db, tmp_path / "contents")


@pytest.mark.parametrize("record", ["list", "measure"])
def test_a_paper_named_as_something_else_is_a_paper(three: Three, record: str) -> None:
    """The digest stands in what the county pulls: a line of its own named it, and the bytes were answered."""
    three.ours.act("c1")
    three.ours.act(new=[names("attachment", DIGEST, Kind.ATTACHMENT_ADDED)])
    push(three.station, three.ours)
    three.put(three.station, PAPER)
    three.above.act(new=[names(record, DIGEST)])
    assert [v.verdict for v in push(three.county, three.above).verdicts] == [Verdict.ACCEPTED]
    assert three.is_shut(three.county, DIGEST)
    assert three.get(three.station, DIGEST) == PAPER
    asked = f'{{"digests":["{DIGEST}"]}}'.encode()
    told = BlobsTold.model_validate_json(three.county.ask("/v1/blobs", asked).content)
    assert [b.complete for b in told.blobs] == [True], "that it is there a desk must know (M-5.6)"


@pytest.mark.parametrize("kind", [Kind.ATTACHMENT_ADDED, Kind.FIELDS_SET])
def test_so_it_is_of_one_that_was_erased_or_lies_at_another_station(
    three: Three, db: Database, kind: Kind
) -> None:
    """What is blank says by its kind at most that it was a paper: nothing blank is taken for anything else."""
    three.ours.act("c1")
    three.ours.act(new=[names("attachment", DIGEST, kind)])
    push(three.station, three.ours)
    three.put(three.station, PAPER)
    other = DeskHere(db, "220102", "r8", "county")
    three.ours.act("c2")
    push(three.station, three.ours)
    other.act(new=[fields_set(Subject("case", "c2"), "list", "l", {"digest": DIGEST}, {"digest": []})])
    assert [v.verdict for v in push(three.county, other).verdicts] == [Verdict.ACCEPTED]
    assert three.is_shut(three.county, DIGEST)
    three.ours.act(new=[NewOp(Kind.ERASED, CASE, {"reason": "request"})])
    push(three.station, three.ours)
    assert three.is_shut(three.county, DIGEST)


def test_the_database_hides_a_paper_by_itself_and_so_does_the_handler(three: Three, db: Database) -> None:
    three.ours.act("c1")
    three.ours.act(new=[names("attachment", DIGEST, Kind.ATTACHMENT_ADDED)])
    push(three.station, three.ours)
    three.above.act(new=[names("list", DIGEST)])
    push(three.county, three.above)
    above, here = three.above.caller(), three.ours.caller()
    if db.guards == 2:
        with db.reading(above.nums) as con:  # a handler that asks only what is in scope
            assert contents.in_scope(con, above, [DIGEST]) == set()
        with db.reading(DeskHere(db, "b", "r2").caller().nums, station=True) as con:
            assert con.execute(select(t.content)).all() == []
    with db.reading(above.nums, station=True) as con:  # a transaction that shows it
        assert contents.in_scope(con, above, [DIGEST]) == {DIGEST}
        assert contents.to_read(con, above, [DIGEST]) == set()
    with db.reading(here.nums, station=True) as con:
        assert contents.to_read(con, here, [DIGEST]) == {DIGEST}


def test_a_list_is_answered_to_those_above(three: Three) -> None:
    three.ours.act("c1", new=[names("list", DIGEST)])
    push(three.station, three.ours)
    three.put(three.station, PAPER)
    assert three.get(three.county, DIGEST) == PAPER


def test_a_reason_is_not_told_by_the_id_of_its_word_either(three: Three) -> None:
    three.ours.act("c1")
    push(three.station, three.ours)
    ask = f'{{"id":"req-1","step":"request","subject":"c1","to":"b","text":"{REASON}"}}'.encode()
    said = three.station.ask("/v1/transfer", ask)
    assert Notice.model_validate_json(said.content).text == REASON
    again = three.county.ask("/v1/transfer", b'{"id":"req-1","step":"request","subject":"c1","to":"b"}')
    heard = Notice.model_validate_json(again.content)
    assert (again.status_code, heard.id, heard.text) == (200, "req-1", "")
    assert Notice.model_validate_json(three.station.ask("/v1/transfer", ask).content).text == REASON


def test_a_carrier_reads_nothing(three: Three, db: Database) -> None:
    three.ours.act("c1", new=[names("list", DIGEST)])
    push(three.station, three.ours)
    three.put(three.station, PAPER)
    carrier = three.carrier
    head, lines = read_body(carrier.ask("/v1/pull", b"{}").content, PullHead)
    assert (head.scope and head.scope.streams, head.pages, head.notices, lines) == ([], [], [], [])
    for path, body in (("pull", b'{"cursors":[{"stream":"a","at":{}}]}'), ("bootstrap", b'{"stream":"a"}'),
                       ("bootstrap", b'{"stream":"a","subjects":["c1"]}'),
                       ("transfer", b'{"id":"w","step":"request","subject":"c1","to":"b"}')):  # fmt: skip
        assert refusal(carrier.ask(f"/v1/{path}", body)) == "out_of_scope", path
    told = carrier.ask("/v1/blobs", f'{{"digests":["{DIGEST}"]}}'.encode())
    assert BlobsTold.model_validate_json(told.content).blobs == []
    assert three.is_shut(carrier, DIGEST)
    assert carrier.ask("/v1/renew", b"").status_code == 200
    theirs = DeskHere(db, "220102", "r7", "carrier")
    theirs.act("c1")
    assert [v.reason for v in push(carrier, theirs).verdicts] == [Reason.OUT_OF_SCOPE]


def test_the_database_shows_a_carrier_nothing(three: Three, db: Database) -> None:
    """The second guard: what a handler would ask for it."""
    three.ours.act("c1")
    push(three.station, three.ours)
    caller = DeskHere(db, "220102", "r7", "carrier").caller()
    assert (caller.streams, caller.place, caller.may_write) == ((), 0, frozenset())
    if db.guards < 2:
        return
    with db.reading(caller.nums, station=True) as con:
        assert all(con.execute(select(t.metadata.tables[name])).all() == [] for name in t.SCOPED)
    with db.reading(EVERYTHING) as con:
        assert [decode(bytes(line)).subject for line in con.execute(select(t.op.c.line)).scalars()] == [CASE]
