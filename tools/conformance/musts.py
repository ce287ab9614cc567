"""One function a MUST or a few; their names begin with the numbers they hold a server to.

What is asked of pages, moves, erasures and contents has files of its own; what needs somebody at the server (a restore,
a death, a revocation) stands in ``lives.py``; what only time or the desk can show is named in ``table.py``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from jobdesk.cases.codec import decode, encode, header, op_hash
from jobdesk.cases.ops import Json, Kind, NewOp, Op, Subject, fields_set, opened
from jobdesk.protocol.messages import Place, Refusal
from jobdesk.protocol.signing import NONCE, SIGNATURE, VERSION
from tools.conformance.carried import m_12_carried_files
from tools.conformance.carried_whole import WHOLE
from tools.conformance.desk import Desk, Ground, Skipped, error, fresh, id_number
from tools.conformance.edges import EDGES
from tools.conformance.erasing import ERASING
from tools.conformance.lives import LIVES
from tools.conformance.moves import MOVES
from tools.conformance.pages import PAGES
from tools.conformance.refusing import REFUSING
from tools.conformance.sizes import SIZES
from tools.conformance.withheld import m_9_7_headers_are_not_the_thing
from tools.conformance.words import WORDS, case


def m_1_1_and_1_2_versions(g: Ground) -> None:
    told = g.one.hello().versions
    newest = max(told)
    assert set(told) >= set(range(max(1, newest - 2), newest + 1))
    for version in map(str, told):
        answer = g.one.ask("POST", "/v1/pull", b"{}", **{VERSION: version})
        assert answer.status_code == 200 and answer.headers[VERSION] == version
    refused = g.one.ask("POST", "/v1/pull", b"{}", **{VERSION: "9999"})
    assert error(refused) == "upgrade" and Refusal.model_validate_json(refused.content).versions


def m_1_3_pushes_of_older_versions(g: Ground) -> None:
    oldest = min(g.one.hello().versions)
    if oldest == 1:
        raise Skipped("no version is older than those that are answered")
    desk = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    desk.note(fresh())
    desk.version = str(oldest - 1)
    assert desk.push().acked.seq == 1


def m_1_4_unknown_keys_and_newer_operations(g: Ground) -> None:
    assert g.one.ask("POST", "/v1/pull", b'{"of_tomorrow":{"x":[1]}}').status_code == 200
    desk = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    line = _of_tomorrow(desk.note(fresh())[0])
    told = desk.push([line])
    assert told.verdicts[0].reason == "newer_schema"
    assert told.acked == Place(seq=1, hash=sha256(json.loads(line)[0].encode()).hexdigest())


def _of_tomorrow(op: Op) -> bytes:
    """Its line, had a newer program written it."""
    head = json.loads(header(op))
    head[8], head[9] = 99, "OfTomorrow"
    line = json.loads(encode(op))
    line[0] = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(line, ensure_ascii=False).encode()


def m_2_1_to_2_3_signatures(g: Ground) -> None:
    stranger = Desk(g.wire)
    assert error(stranger.ask("POST", "/v1/pull", b"{}")) == "unsigned"
    stranger.enrolled = g.one.enrolled
    assert error(stranger.ask("POST", "/v1/pull", b"{}")) == "bad_signature"
    stale = g.one.ask("POST", "/v1/pull", b"{}", **{NONCE: "1.2.3"})
    assert error(stale) == "stale_nonce"
    again = Refusal.model_validate_json(stale.content).nonce
    assert again and g.one.ask("POST", "/v1/pull", b"{}", nonce=again).status_code == 200
    assert error(g.one.ask("POST", "/v1/pull", b"{}", **{SIGNATURE: "00" * 64})) == "bad_signature"


def m_2_4_clocks(g: Ground) -> None:
    g.two.note(fresh())
    told = g.two.push(now_ms=1)
    assert told.verdicts[-1].verdict == "accepted" and told.skew_ms < -1_000_000


def m_2_5_codes(g: Ground) -> None:
    thief = Desk(g.wire)
    assert error(thief.enrol(g.code)) == "bad_code"
    assert error(thief.enrol("AAAA-BBBB")) == "bad_code"


def m_4_1_and_4_3_whole_actions(g: Ground) -> None:
    subject = fresh()
    good = g.one.act(opened(Subject("case", subject), "case", subject, {"name": "合成"}),
                     opened(Subject("case", subject), "service", fresh(), {"content": "x"}))  # fmt: skip
    bad = g.one.act(*(opened(Subject("case", subject), "service", fresh(), {"content": x}) for x in "ab"))
    forged = encode(replace(bad[1], payload={"record": "service", "id": "x", "set": {}}, body=b""))
    after = g.one.note(subject)
    lines = [*map(encode, good), encode(bad[0]), forged, *map(encode, after)]
    before = g.one.acked
    told = g.one.push(lines)
    assert [v.verdict for v in told.verdicts] == ["accepted", "quarantined", "accepted"]
    g.one.acked = before
    again = {v.action: v.verdict for v in g.one.push(lines).verdicts}
    assert again == {good[0].action_id: "already", bad[0].action_id: "quarantined",
                     after[0].action_id: "already"}  # fmt: skip
    listed = {decode(x).op_id for x in g.one.everything()[0]}
    assert {o.op_id for o in (*good, *after)} <= listed and not listed & {o.op_id for o in bad}


def m_4_4_bad_content_blocks_nobody(g: Ground) -> None:
    g.one.note(fresh())
    g.one.note(fresh())
    lines = [encode(o) for o in g.one.ops[g.one.acked.seq :]]
    told = g.one.push([b'{"garbage":1}', lines[1]])
    assert [v.verdict for v in told.verdicts] == ["quarantined", "accepted"]
    assert told.acked.seq == len(g.one.ops)
    deep: Json = "x"
    for _ in range(600):
        deep = [deep]
    odd: tuple[dict[str, Json], ...] = ({"station": "a\x00b"}, {"merged_into": {"a": 1}}, {"name": deep})
    for values in odd:  # their hashes are right
        case = fresh()
        kind = Kind.MERGED if "merged_into" in values else Kind.FIELDS_SET
        g.one.act(fields_set(Subject("case", case), "case", case, values, {}, kind=kind))
    g.one.act(NewOp(Kind.WITHDRAWN, Subject("case", fresh()), {"ops": [], "record": []}))
    g.one.note(fresh())
    told = g.one.push()
    assert told.verdicts[-1].verdict == "accepted" and told.acked.seq == len(g.one.ops)


def m_4_5_nothing_twice(g: Ground) -> None:
    subject, start = fresh(), g.one.acked
    for _ in range(4):
        g.one.note(subject)
    pending = [encode(o) for o in g.one.ops[start.seq :]]
    for until in (1, 3, 2, 4, 4):
        g.one.acked = start
        g.one.push(pending[:until])
    ids = [decode(x).op_id for x in g.one.everything()[0]]
    assert len(ids) == len(set(ids)) and {o.op_id for o in g.one.ops[start.seq :]} <= set(ids)


def m_4_6_gap_and_fork(g: Ground) -> None:
    desk = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    for _ in range(3):
        desk.note(fresh())
    desk.push([encode(desk.ops[0])])
    gap = desk.send([encode(desk.ops[2])])
    assert error(gap) == "gap" and gap.status_code == 409
    assert Refusal.model_validate_json(gap.content).acked == desk.acked
    clone = Desk(g.wire, g.one.key, desk.replica, g.one.enrolled)
    clone.note(fresh())
    assert error(clone.send()) == "fork"
    lost = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    lost.push([_of_tomorrow(lost.note(fresh())[0])])  # kept apart, and the next one follows something else
    lost.note(fresh())
    assert lost.acked.seq == 1 and error(lost.send()) == "fork"


def m_4_7_less_than_believed(g: Ground) -> None:
    desk = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    desk.note(fresh())
    desk.acked = Place(seq=1, hash=op_hash(desk.ops[0]).hex())
    lost = desk.send([])
    assert error(lost) in ("gap", "epoch")
    assert Refusal.model_validate_json(lost.content).acked == Place()


def m_4_7_hashes_are_compared(g: Ground) -> None:
    """Also where nothing follows: two copies of a file that went apart would both be told that all is well."""
    desk = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    for _ in range(2):
        desk.note(fresh())
    desk.push()
    for seq in (2, 1):
        there = desk.ops[seq - 1]
        assert desk.send([], acked=Place(seq=seq, hash=op_hash(there).hex())).status_code == 200
        assert error(desk.send([], acked=Place(seq=seq, hash="f" * 64))) == "fork", seq


def m_4_9_witnesses(g: Ground) -> None:
    lost = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    for _ in range(3):
        lost.note(fresh())
    told = g.two.send([encode(lost.ops[0]), encode(lost.ops[2])], replica=lost.replica, acked=Place(),
                      witness=True)  # fmt: skip
    assert told.status_code == 200 and told.json()["acked"]["seq"] == 1
    verdicts = {v.action: v.verdict for v in lost.push().verdicts}
    assert [verdicts[o.action_id] for o in lost.ops] == ["already", "accepted", "already"]
    lost.note(fresh())
    lost.note(lost.ops[0].subject.id)
    far = g.other.send([encode(lost.ops[3]), encode(lost.ops[4])], replica=lost.replica, acked=Place(),
                       witness=True).json()  # fmt: skip
    assert [v["verdict"] for v in far["verdicts"]] == ["accepted", "quarantined"] and far["acked"]["seq"] == 4
    assert error(g.other.send([], replica=lost.replica, acked=Place())) == "out_of_scope"


def m_4_9_nobody_owns_what_is_anothers(g: Ground) -> None:
    """As an owner's own it is listed nowhere, and what follows is."""
    theirs, desk = (Desk(g.wire, g.one.key, enrolled=g.one.enrolled) for _ in range(2))
    (foreign,), (mine,) = theirs.note(fresh()), desk.note(fresh())
    told = desk.push([encode(mine), encode(foreign)])
    assert [v.verdict for v in told.verdicts] == ["accepted", "quarantined"]
    listed = {decode(x).op_id for x in g.two.everything()[0]}
    assert mine.op_id in listed and foreign.op_id not in listed
    assert [v.verdict for v in theirs.push().verdicts] == ["accepted"]


def m_5_5_scope(g: Ground) -> None:
    subject = fresh()
    g.one.note(subject)
    g.one.push()
    g.other.note(subject)
    assert g.other.push().verdicts[-1].reason == "out_of_scope"
    ask = f'{{"cursors":[{{"stream":"{g.one.stream}"}}]}}'.encode()
    assert error(g.other.ask("POST", "/v1/pull", ask)) == "out_of_scope"
    for body in (f'{{"stream":"{g.one.stream}"}}',):
        assert error(g.other.ask("POST", "/v1/bootstrap", body.encode())) == "out_of_scope"
    head, _ = g.other.pull()
    assert g.one.stream not in {p.stream for p in head.pages} | {s.stream for s in head.scope.streams}


def m_6_1_to_6_4_moves(g: Ground) -> None:
    subject = fresh()
    root = Subject("case", subject)
    g.one.act(opened(root, "case", subject, {"name": "合成"}))
    g.one.push()
    g.two.note(subject, "晚到")
    to = {"station": g.other.stream}
    g.one.act(fields_set(root, "case", subject, to, {}, kind=Kind.TRANSFERRED))
    assert g.one.push().verdicts[-1].verdict == "accepted"
    assert g.two.push().verdicts[-1].verdict == "accepted"
    kinds = [decode(x).kind for x in g.other.everything()[0] if decode(x).subject.id == subject]
    assert kinds == [Kind.OPENED, Kind.TRANSFERRED, Kind.OPENED]
    g.two.act(fields_set(root, "case", subject, {"station": g.one.stream}, {}, kind=Kind.TRANSFERRED))
    g.two.push()
    g.other.note(subject)
    assert g.other.push().verdicts[-1].verdict == "accepted"


def m_6_5_merges(g: Ground) -> None:
    alias, kept = fresh(), fresh()
    g.one.note(alias)
    g.one.act(fields_set(Subject("case", alias), "case", alias, {"merged_into": kept}, {}, kind=Kind.MERGED))
    g.other.note(kept)
    g.other.push()
    g.one.push()
    apart = fields_set(Subject("case", alias), "case", alias, {"merged_into": None}, {}, kind=Kind.UNMERGED)
    g.one.act(apart)
    g.one.push()
    for desk in (g.one, g.other):
        kinds = [o.kind for o in map(decode, desk.everything()[0]) if o.subject.id == alias]
        assert kinds[-2:] == [Kind.MERGED, Kind.UNMERGED]


def m_6_5_no_file_begins_by_a_merge(g: Ground) -> None:
    alias, kept = fresh(), case(g.one)
    root = Subject("case", alias)
    g.one.act(fields_set(root, "case", alias, {"merged_into": kept}, {}, kind=Kind.MERGED))
    assert g.one.push().verdicts[-1].reason == "out_of_scope"
    g.one.note(alias)
    assert g.one.push().verdicts[-1].verdict == "accepted"


def m_6_7_one_number_at_two_stations(g: Ground) -> None:
    number = id_number()
    mine, theirs = fresh(), fresh()
    for desk, subject in ((g.one, mine), (g.other, theirs)):
        desk.act(opened(Subject("case", subject), "case", subject, {"id_number": number}))
        desk.push()
    told = [n for desk in (g.one, g.other) for n in desk.pull()[0].notices if n.kind == "duplicate"]
    assert {tuple(n.subjects) for n in told} >= {(mine, theirs), (theirs, mine)}
    assert not any(number in n.model_dump_json() for n in told)


def m_12_files_that_are_carried(g: Ground) -> None:
    m_12_carried_files(g.one, g.other)


ALL: tuple[Callable[[Ground], None], ...] = (
    m_1_1_and_1_2_versions, m_1_3_pushes_of_older_versions, m_1_4_unknown_keys_and_newer_operations,
    m_2_1_to_2_3_signatures, m_2_4_clocks, m_2_5_codes, *EDGES, m_4_1_and_4_3_whole_actions,
    m_4_4_bad_content_blocks_nobody,
    m_4_5_nothing_twice, m_4_6_gap_and_fork, m_4_7_less_than_believed, m_4_7_hashes_are_compared, m_4_9_witnesses,
    m_4_9_nobody_owns_what_is_anothers,
    m_5_5_scope, m_6_1_to_6_4_moves, m_6_5_merges, m_6_5_no_file_begins_by_a_merge, *WORDS, m_6_7_one_number_at_two_stations,
    *MOVES, *ERASING, *PAGES, *SIZES,
    m_9_7_headers_are_not_the_thing, m_12_files_that_are_carried, *WHOLE,
    *REFUSING, *LIVES,
)  # fmt: skip
