"""What only stations may see (M-9.6, M-9.7): two guards, each proved with the other switched off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert, select, text

from jobdesk.cases.codec import decode, encode, op_hash
from jobdesk.cases.erasing import without_payload
from jobdesk.cases.ops import Json, Kind, NewOp, Op, Subject, opened
from jobdesk.cases.restricting import is_withheld, without
from jobdesk.protocol.codes import ErrorCode, Verdict
from jobdesk.protocol.messages import BootstrapAsk, Cursor
from province import bootstrap, notices, pull
from province.adapters import outbox
from province.db import tables as t
from province.db.engine import EVERYTHING, Database, open_database
from province.migrating import migrate, settings
from province.refusing import Refused
from province.scope import Caller
from tests.province.conftest import on_postgres
from tests.province.ground import NOW, DeskHere, fill
from tools.postgres import Postgres

CASE = Subject("case", "c1")
TOLD: dict[str, Json] = {"kind": "released"}


def desk_with(db: Database) -> DeskHere:
    made = DeskHere(db, "a", "r1")
    made.act("c1", new=[opened(CASE, "case", "c1", {"name": "某甲"}), opened(CASE, "group", "g1", TOLD)])
    made.push()
    return made


def seen(db: Database, desk: DeskHere, caller: Caller, *, station: bool) -> list[Op]:
    """Everything that a pull and a bootstrap answer; both say the same."""
    with db.reading(caller.nums, station=station) as con:
        pulled = pull.answer(con, caller, [Cursor(stream="a")], 1 << 20).lines
        head, booted = bootstrap.page(con, caller, BootstrapAsk(stream="a"), "e", bootstrap.Orders())
        some = bootstrap.page(con, caller, BootstrapAsk(stream="a", subjects=["c1"]), "e", bootstrap.Orders())
    assert sorted(pulled) == sorted(booted)
    assert sorted(some[1]) == sorted(line for line in pulled if decode(line).subject.id == "c1")
    assert len(head.seqs) == len(desk.ops)
    found = {op.op_id: op for op in map(decode, pulled)}
    assert {i: op_hash(op) for i, op in found.items()} == {op.op_id: op_hash(op) for op in desk.ops}
    return [found[op.op_id] for op in desk.ops]


def withheld(ops: list[Op]) -> list[bool]:
    assert all(op.payload is not None or is_withheld(op) for op in ops)
    return [op.payload is None for op in ops]


@pytest.fixture
def guarded(postgres: Postgres) -> Iterator[Database]:
    made = on_postgres(postgres)
    yield made
    made.engine.dispose()


@pytest.mark.parametrize("role", ["county", "province"])
def test_a_desk_above_is_answered_the_header(db: Database, role: str) -> None:
    ours = desk_with(db)
    above = DeskHere(db, "220102", "r9", role).caller()
    assert withheld(seen(db, ours, above, station=above.at_station)) == [False, True, False]
    other = DeskHere(db, "a", "r2").caller()
    assert withheld(seen(db, ours, other, station=other.at_station)) == [False] * 3


def test_the_database_withholds_what_the_handler_forgets(guarded: Database) -> None:
    """The handler holds everybody to be a station; the database knows better."""
    ours = desk_with(guarded)
    above = replace(DeskHere(guarded, "220102", "r9", "county").caller(), role="desk")
    assert withheld(seen(guarded, ours, above, station=False)) == [False, True, False]
    with guarded.reading(above.nums) as con:
        assert con.execute(select(t.restricted)).all() == []
    with guarded.reading(above.nums, station=True) as con:  # so it is this guard that held
        assert len(con.execute(select(t.restricted)).all()) == 1
    with guarded.reading(DeskHere(guarded, "b", "r3").caller().nums, station=True) as con:
        assert con.execute(select(t.restricted)).all() == []


def test_the_handler_withholds_what_the_database_shows(guarded: Database) -> None:
    ours = desk_with(guarded)
    above = DeskHere(guarded, "220102", "r9", "county").caller()
    with guarded.reading(above.nums, station=True) as con:
        assert len(con.execute(select(t.restricted)).all()) == 1
    assert withheld(seen(guarded, ours, above, station=True)) == [False, True, False]


def test_nothing_of_it_stands_in_the_log(db: Database) -> None:
    """Whoever asks the log in a new place gets the header."""
    desk_with(db)
    with db.reading(EVERYTHING) as con:
        lines = con.execute(select(t.op.c.line).where(t.op.c.restricted)).scalars().all()
    assert [decode(bytes(line)).payload for line in lines] == [None]


def test_what_a_county_writes_is_withheld_too(db: Database) -> None:
    ours, county = desk_with(db), DeskHere(db, "220102", "r9", "county")
    county.act(new=[opened(CASE, "absence", "x", {"kind": "custody"})])
    assert [v.verdict for v in county.push().verdicts] == [Verdict.ACCEPTED]
    with db.reading(ours.caller().nums, station=True) as con:
        got = pull.answer(con, ours.caller(), [], 1 << 20).lines
    assert {op.op_id for op in map(decode, got) if op.payload} >= {county.ops[0].op_id}


def test_an_erasure_takes_what_stands_aside(db: Database) -> None:
    ours = desk_with(db)
    ours.act(new=[NewOp(Kind.ERASED, CASE, {"reason": "request"})])
    ours.push()
    with db.reading(EVERYTHING) as con:
        assert con.execute(select(t.restricted.c.line)).scalars().all() == [b""]
        assert con.execute(select(t.op.c.op_id).where(t.op.c.restricted)).all() == []
    left = seen(db, ours, ours.caller(), station=True)
    assert [op.payload is None for op in left] == [True, True, True, False]
    assert not any(is_withheld(op) for op in left)


def test_who_moves_takes_it_along(db: Database) -> None:
    ours = desk_with(db)
    move: dict[str, Json] = {"record": "case", "id": "c1", "set": {"station": "b"}, "bases": {"station": []}}
    ours.act(new=[NewOp(Kind.TRANSFERRED, CASE, move)])
    ours.push()
    there = DeskHere(db, "b", "r2").caller()
    with db.reading(there.nums, station=True) as con:
        lines = pull.answer(con, there, [], 1 << 20).lines
    assert all(decode(line).payload for line in lines) and len(lines) == 4


def test_a_reason_typed_for_another_station_is_not_for_those_above(db: Database) -> None:
    ours, county = DeskHere(db, "a", "r1").caller(), DeskHere(db, "220102", "r9", "county").caller()
    texts = {"n1": "刑满释放后回原籍", "n2": "已搬走"}
    rows = [{"id": i, "home": ours.home, "kind": "transfer_request", "subjects": "[]", "at_ms": NOW, "text": x}
            for i, x in texts.items()]  # fmt: skip
    with db.writing(EVERYTHING) as con:
        con.execute(insert(t.notice), rows)
        told = {who.role: {n.id: n.text for n in notices.of(con, who, NOW)} for who in (ours, county)}
    assert told == {"desk": texts, "county": texts | {"n1": ""}}


def test_files_for_other_systems_hold_none(db: Database) -> None:
    ours = DeskHere(db, "a", "r1")
    plain: dict[str, Json] = {"name": "某甲", "help_state": "ended"}
    ended: dict[str, Json] = {"record": "case", "id": "c1", "set": {"help_reason": "imprisoned"},
                              "bases": {"help_reason": []}}  # fmt: skip
    ours.act(new=[opened(CASE, "case", "c1", plain), NewOp(Kind.FIELDS_SET, CASE, ended)])
    ours.push()

    class Keeper:
        def keep(self, batch: outbox.Batch) -> None:
            batches.append(batch)

    batches: list[outbox.Batch] = []
    assert list(outbox.give(db, Keeper(), sensitive=True))
    (row,) = batches[0].rows
    told = dict(zip(batches[0].columns, row, strict=True))
    assert (told["name"], told["help_state"], told["help_reason"]) == ("某甲", "ended", "")


# ---------------------------------------------------------------------- M-9.7


def test_a_header_never_takes_the_place_of_the_thing(db: Database) -> None:
    """A restored server is offered by the county first, and by the owner after it."""
    ours, county = DeskHere(db, "a", "r1"), DeskHere(db, "220102", "r9", "county")
    ours.act("c0")
    ours.push()
    ours.act("c1", new=[opened(CASE, "group", "g1", TOLD)])
    known = [without(op) if n == 1 else op for n, op in enumerate(ours.ops)]
    county.witness(ours, known[1:])
    with db.reading(EVERYTHING) as con:
        listed = set(con.execute(select(t.op.c.op_id)).scalars())
    assert ours.ops[1].op_id not in listed
    assert {v.verdict for v in ours.push().verdicts} == {Verdict.ACCEPTED}
    assert ours.acked.seq == 3
    assert not any(withheld(seen(db, ours, ours.caller(), station=True)))


def test_a_witness_of_headers_only_changes_nothing(db: Database) -> None:
    ours, county = desk_with(db), DeskHere(db, "220102", "r9", "county")
    ours.act(new=[opened(CASE, "absence", "x", {"kind": "custody"})])
    assert county.witness(ours, [without(ours.ops[-1])]).verdicts == []
    with db.reading(EVERYTHING) as con:
        assert con.execute(select(t.quarantine)).all() == []
    assert {v.verdict for v in ours.push().verdicts} == {Verdict.ACCEPTED}


def test_an_author_who_lost_it_goes_on_elsewhere_and_a_station_brings_it(db: Database) -> None:
    ours, county = desk_with(db), DeskHere(db, "220102", "r9", "county")
    county.act(new=[opened(CASE, "absence", "x", {"kind": "custody"})])
    with pytest.raises(Refused) as no:
        county.push([encode(without(county.ops[0]))])
    assert no.value.error is ErrorCode.FORK
    ours.witness(county, county.ops)
    with db.reading(ours.caller().nums, station=True) as con:
        lines = pull.answer(con, ours.caller(), [], 1 << 20).lines
    assert {op.op_id: op.payload for op in map(decode, lines)}[county.ops[0].op_id]


def test_headers_of_the_erased_are_listed(db: Database) -> None:
    """A restored server is offered blank what was erased, by whomever (M-7.2)."""
    ours, county = desk_with(db), DeskHere(db, "220102", "r9", "county")
    ours.act(new=[NewOp(Kind.ERASED, CASE, {"reason": "request"})])
    ours.push()
    ours.act("c1")
    county.witness(ours, [without_payload(ours.ops[-1])])
    with db.reading(EVERYTHING) as con:
        assert ours.ops[-1].op_id in set(con.execute(select(t.op.c.op_id)).scalars())


# ---------------------------------------------------------------------- what was stored before


def test_what_stood_in_the_log_before_is_put_aside(tmp_path: Path, postgres: Postgres) -> None:
    for url in (f"sqlite:///{tmp_path / 'old.db'}", postgres.new_database("before_restricted")[0]):
        command.upgrade(settings(url), "0009")
        db = open_database(url)
        fill(db)
        ours = DeskHere(db, "a", "r1")
        ours.act("c1", new=[opened(CASE, "registration", "r", {"since": "2026", "reason": "12"})])
        columns = "op_id, replica, replica_seq, home, subject, action, kind, hash, line, received_ms"
        rows = [
            {"op_id": op.op_id, "replica": "r1", "replica_seq": op.replica_seq, "home": 1, "subject": "c1",
             "action": op.action_id, "kind": op.kind.value, "hash": op_hash(op), "line": encode(op),
             "received_ms": NOW} for op in ours.ops
        ]  # fmt: skip
        with db.writing(EVERYTHING) as con:
            con.execute(
                text(
                    f"INSERT INTO op ({columns}) VALUES ({', '.join(f':{c}' for c in columns.split(', '))})"
                ),
                rows,
            )
            con.execute(insert(t.subject), [{"id": "c1", "kind": "case", "home": 1}])
        migrate(url, "省")
        with db.reading(EVERYTHING) as con:
            found = {r.op_id: r.line for r in con.execute(select(t.op)).all()}
            aside = {r.op_id: bytes(r.line) for r in con.execute(select(t.restricted)).all()}
        assert aside == {ours.ops[0].op_id: encode(ours.ops[0])}
        assert [decode(bytes(found[op.op_id])).payload is None for op in ours.ops] == [True, False]
        db.engine.dispose()
