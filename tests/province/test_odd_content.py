"""Operations whose hashes are right and whose content nobody would write: judged, never a fault of the server.

One that made a request fail would come again with every push: the queue behind it would wait for ever (M-4.4).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

import pytest

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.codec import decode, encode
from jobdesk.cases.ops import Json, Kind, NewOp, Subject
from jobdesk.protocol.codes import ErrorCode, Verdict
from jobdesk.protocol.messages import BootstrapAsk, EnrolAsk
from jobdesk.protocol.signing import public_of
from province import bootstrap
from province.db.engine import Database
from province.refusing import Refused
from tests.province.ground import DeskHere
from tests.province.test_web import Device, Server


def nested(depth: int) -> Json:
    found: Json = "x"
    for _ in range(depth):
        found = [found]
    return found


def root(**values: Json) -> dict[str, Json]:
    return {"record": "case", "id": "c", "set": dict(values)}


def member(case: Json) -> dict[str, Json]:
    return {"record": "member", "id": "m", "set": {"case": case}}


ODD: dict[str, tuple[Kind, str, Mapping[str, Json]]] = {
    "a station that no id can be": (Kind.TRANSFERRED, "case", root(station="a\x00b")),
    "a station of two": (Kind.TRANSFERRED, "case", root(station="a\x1fb")),
    "merged into nothing": (Kind.MERGED, "case", root(merged_into="a\x00b")),
    "merged into a number": (Kind.MERGED, "case", root(merged_into=5)),
    "merged into many": (Kind.MERGED, "case", root(merged_into=["a", "b"])),
    "merged into an object": (Kind.MERGED, "case", root(merged_into={"a": 1})),
    "taken apart from an object": (Kind.UNMERGED, "case", root(merged_into={"a": 1})),
    "a member without an id": (Kind.OPENED, "household", member("a\x00b")),
    "a member of many": (Kind.OPENED, "household", member(["c"])),
    "a member of an object": (Kind.OPENED, "household", member({"c": 1})),
    "withdrawn with a list for a record": (Kind.WITHDRAWN, "case", {"ops": ["o"], "record": ["case"]}),
    "undone with an object for a record": (Kind.UNDONE, "case", {"ops": ["o\x00"], "record": {"a": 1}}),
    "a reason that is none": (Kind.FIELDS_SET, "case", {**root(name="x"), "reason": {"a": [1]}}),
    "erased with a list for a record": (Kind.ERASED, "case", {"record": [], "reason": []}),
    "a number of many": (Kind.OPENED, "case", root(id_number=["229901"], name={"a": 1}, birth=7)),
    "a digest of many": (Kind.ATTACHMENT_ADDED, "case", {"record": "attachment", "id": "f", "set": {"digest": []}}),
    "deep": (Kind.FIELDS_SET, "case", root(name=nested(50))),
    "deeper": (Kind.FIELDS_SET, "case", root(name=nested(450))),
    "as deep as it goes": (Kind.FIELDS_SET, "case", root(name=nested(900))),
    "added to nothing": (Kind.FIELDS_SET, "case", {**root(), "add": [1], "drop": "x", "bases": 3}),
    "dropped without a pair": (Kind.FIELDS_SET, "case", {**root(), "drop": {"service_needs": ["x", [1], [[], []]]}}),
    "dropped by objects": (Kind.FIELDS_SET, "case", {**root(), "drop": {"service_needs": [["x", [{"a": 1}]]]}}),
    "added objects": (Kind.FIELDS_SET, "case", {**root(), "add": {"service_needs": [{"a": 1}, [1], None]}}),
    "added to a field of one value": (Kind.FIELDS_SET, "case", {**root(), "add": {"name": ["x", ["y"]]}}),
    "a set as one value": (Kind.FIELDS_SET, "case", root(service_needs="x")),
    "bases that are none": (Kind.FIELDS_SET, "case", {**root(name="x"), "bases": {"name": [1, {"a": 1}, None]}}),
    "withdrawn fields that are none": (Kind.UNDONE, "case", {"ops": ["o"], "fields": {"o": [1, {}]}}),
    "days that are none": (Kind.FIELDS_SET, "case", root(birth="9999-99-99", opened_on="\x00", next_contact="x")),
    "values of other types": (Kind.FIELDS_SET, "case", root(name=[], sex={}, phone=7, help_state=["x"], tier=None)),
    "a service of other types": (Kind.SERVICE_RECORDED, "case",
                                 {"record": "service", "id": "v", "set": {"on": 7, "kind": [], "content": {}}}),
    "an import of many": (Kind.FIELDS_SET, "case", {**root(name="x"), "import": ["i"]}),
    "a record of controls": (Kind.OPENED, "case", {"record": "\x00", "id": "\x00", "set": {"\x00": "\x00"}}),
}  # fmt: skip


def test_content_that_nobody_would_write_holds_nobody_up(db: Database) -> None:
    desk = DeskHere(db)
    for n, (what, (kind, of, payload)) in enumerate(ODD.items()):
        case, subject = f"c{n}", Subject(of, f"{of}{n}")
        desk.act(case)
        desk.act(new=[NewOp(Kind.OPENED, Subject("household", f"household{n}"), member(case))])
        desk.act(new=[NewOp(kind, subject, payload)])
        desk.act("after")
        verdicts = [v.verdict for v in desk.push().verdicts]
        assert [*verdicts[:2], verdicts[3]] == [Verdict.ACCEPTED] * 3, what
        desk.act(new=[NewOp(Kind.ERASED, Subject("case", case), {"reason": "request"})])
        assert [v.verdict for v in desk.push().verdicts] == [Verdict.ACCEPTED], what
    assert desk.acked.seq == len(desk.ops)
    while desk.pull():
        pass
    known = [decode(line) for line in desk.pulled["a"]]
    wanted = {f"c{n}" for n in range(len(ODD))}
    assert wanted == {o.subject.id for o in known if o.kind is Kind.ERASED} & wanted
    assert not any(o.payload for o in known if o.subject.id in wanted and o.kind is not Kind.ERASED)


def test_a_body_is_as_deep_as_may_be_and_no_level_deeper(db: Database) -> None:
    """The body and its values are two levels. Many brackets side by side make nothing deep."""
    bodies: list[Json] = [nested(62), nested(63), [nested(61)] * 100, [nested(62)] * 100, "[{" * 100]
    desk = DeskHere(db)
    for n, value in enumerate(bodies):
        desk.act(new=[NewOp(Kind.FIELDS_SET, Subject("case", f"c{n}"), root(name=value))])
    verdicts = [v.verdict for v in desk.push().verdicts]
    fine, apart = Verdict.ACCEPTED, Verdict.QUARANTINED
    assert verdicts == [fine, apart, fine, apart, fine]


def headed(line: bytes, **changed: object) -> bytes:
    """The same line with other values in its header."""
    head, salt, body = json.loads(line)
    values = cast("list[Any]", json.loads(head))
    names = ("version", "op_id", "replica", "seq", "ms", "counter", "actor", "action", "schema", "kind",
             "subject_kind", "subject", "prev", "payload_hash")  # fmt: skip
    for name, value in changed.items():
        values[names.index(name)] = value
    spelled = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return json.dumps([spelled, salt, body], ensure_ascii=False, separators=(",", ":")).encode()


HEADS: dict[str, dict[str, object]] = {
    "a place that is true": {"version": 2, "seq": True},
    "a place that is a fraction": {"version": 2, "seq": 1.0},
    "a place beyond all": {"version": 2, "seq": 10**400},
    "a kind of tomorrow with true": {"kind": "Tomorrow", "seq": True},
    "a schema of many": {"schema": [9]},
    "a schema of tomorrow": {"schema": 10**30},
    "a time before all": {"ms": -1},
    "a time after all": {"ms": 253_402_272_000_000},
    "a time beyond all": {"ms": 2**70},
    "a count beyond all": {"counter": 2**70},
    "a version that is true": {"version": True},
    "a subject of tomorrow": {"subject_kind": "\x00"},
    "an actor of controls": {"actor": "\x00"},
    "a chain of letters": {"prev": "zz"},
}


def test_headers_that_nobody_would_write_hold_nobody_up(db: Database) -> None:
    for n, (what, changed) in enumerate(HEADS.items()):
        desk = DeskHere(db, replica=f"r{n}")
        (op,) = desk.act(f"c{n}")
        taken = desk.push([headed(encode(op), **changed)])
        assert len(taken.verdicts) == 1 and taken.acked.seq == 1, what
    reader = DeskHere(db, replica="reader")
    while reader.pull():
        pass
    listed = [local_datetime(decode(line).stamp.ms) for line in reader.pulled["a"]]
    assert len(listed) == 2, "the true version, the actor"


def test_a_program_may_call_itself_anything(db: Database) -> None:
    server = Server(db)
    device = Device(server)
    ask = EnrolAsk(
        code=server.code(), device_key=public_of(device.key).hex(), program="a\x00b", station_subject="s"
    )
    assert device.ask("/v1/enrol", ask.model_dump_json().encode()).status_code == 200


@pytest.mark.parametrize(
    "mark", ["².c1.1", "1.c1.²", "1.c1.", "1..1", "1.c1.99999999999999999", "x", "1.c\x001.1"]
)
def test_a_mark_that_is_none_is_refused(db: Database, mark: str) -> None:
    """Some figures that Unicode knows are no digits of a number: the server answered 5xx."""
    desk = DeskHere(db)
    desk.act("c1")
    desk.push()
    with db.reading(desk.caller().nums) as con, pytest.raises(Refused) as told:
        bootstrap.page(con, desk.caller(), BootstrapAsk(stream="a", after=mark), "e", bootstrap.Orders())
    assert (told.value.error, told.value.detail) == (ErrorCode.BODY, "mark")
