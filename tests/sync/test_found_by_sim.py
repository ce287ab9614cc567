"""What ``make sim`` found, each as the shortest story that failed before it was mended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import decode
from jobdesk.cases.errors import Refused, Trouble
from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened, withdrawn
from jobdesk.store import rechaining, sync_facts, sync_told
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.log import ops_of_subject
from jobdesk.store.manifest import list_backups
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up
from jobdesk.store.station_file import Writing
from jobdesk.store.taking_in import insert_and_fold
from province import backups, enrolling, orgs, quarantine, register
from province.db import tables as t
from province.db.engine import EVERYTHING
from province.quarantine import waiting
from tests.province.ground import DeskHere
from tests.sync.ground import DAY_MS, PC, Server, same


def restored(pc: PC, which: int) -> None:
    """A backup takes the place of the file, 0 the newest; the journal lies where it lay."""
    key = open_with_key_file(pc.paths.keyslots, pc.folder / "key")
    pc.close()
    restore_station(pc.paths, list_backups(pc.paths.backups)[which], key.key, pc.clock)
    pc.reopen_closed()


@pytest.fixture
def county(tmp_path: Path, server: Server, clock: FixedClock) -> PC:
    return PC(tmp_path / "county", server, clock, "县")


def test_a_server_restored_to_before_a_pc_was_enrolled(server: Server, pcs: tuple[PC, PC]) -> None:
    """It says that it does not know the PC, and a fresh code lets it in again with everything it has."""
    one, two = pcs
    one.open_case("c1")
    one.enrol().sync_well()
    copy = server.copy("backup.db")
    two.enrol().sync_well()
    two.open_case("c2")
    two.sync_well()
    with pytest.raises(Refused, match="sync_enrolled"):
        two.enrol()
    server.restore(copy, epoch=True)
    two.open_case("c3")
    assert two.sync().error == "sync_unknown_device"
    two.enrol()
    for pc in (two, one, two):
        pc.sync_well()
    assert one.case("c2").exists and one.case("c3").exists
    same(server, one, two)
    with pytest.raises(Refused, match="sync_enrolled"):
        two.enrol()


def test_a_pc_that_was_shut_out_comes_back_with_a_fresh_code(server: Server, pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    two.open_case("c2")
    with server.db.writing(EVERYTHING) as con:
        device = two.station.file.read(lambda c: sync_facts.get(c, "device")).result()
        assert enrolling.revoke(con, device, "stolen", server.clock.now_ms())
    assert two.sync().error == "sync_revoked"
    two.enrol()
    two.serve("c2", "afterwards")
    two.sync_well()
    one.sync_well()
    two.sync_well()


def test_a_witness_from_above_never_shuts_the_owner_out(
    server: Server, pcs: tuple[PC, PC], county: PC, clock: FixedClock
) -> None:
    """The county's PC offered what a restored server lacked of a station; the station speaks for itself later."""
    one, two = pcs
    two.open_case("c1")
    two.enrol("a").sync_well()
    county.enrol("220102", "county").sync()
    copy = server.copy("before.db")
    one.enrol("a").sync_well()
    one.serve("c1", "erste")
    one.sync_well()
    county.sync()
    server.restore(copy, epoch=False)
    clock.tick(DAY_MS)
    county.sync()
    assert server.digest("a")[0] > 3  # the visit came back by the county
    one.serve("c1", "zweite")
    assert one.sync().error == "sync_unknown_device"
    one.enrol("a").sync_well()
    two.sync_well()
    assert len(two.case("c1").of("service")) == 2
    county.close()


def test_staff_under_two_subjects_of_a_station_keep_their_rows(pcs: tuple[PC, PC]) -> None:
    """A second PC's clerks go over to the station's subject; a bootstrap may bring the new place first."""
    one, _ = pcs
    before, canonical = Subject("station", "before"), Subject("station", "canonical")
    one.desk.act([opened(canonical, "staff", "clerk", {"name": "周敏"})]).result()
    old = one.desk.act([opened(before, "staff", "clerk", {"name": "周敏"})]).result().ops[0]
    one.desk.act([withdrawn(before, [old.op_id])]).result()
    assert one.state(canonical).record("staff", "clerk").text("name") == "周敏"
    assert one.faults() == []


def test_a_life_whose_operations_stand_in_another_one_has_no_gap(server: Server, pcs: tuple[PC, PC]) -> None:
    """An answer was lost, and what it acknowledged was taken up by another life before it was heard again."""
    one, _ = pcs
    one.enrol().sync_well()
    one.open_case("c1")
    one.wire.fault = lambda _n: "answer_lost" if one.wire.paths[-1] == "/v1/push" else ""
    one.sync()
    one.wire.fault = lambda _n: ""
    one.station.file.write(lambda w: rechaining.take_up(w, one.station.file.replica_id, 3)).result()
    one.open_case("c2")
    one.sync_well()
    assert one.faults() == [] and one.case("c1").exists
    with server.db.reading(EVERYTHING) as con:
        assert con.exec_driver_sql("SELECT count(*) FROM quarantine").scalar_one() == 0


def test_a_witness_from_above_keeps_nothing_from_its_owner(
    server: Server, pcs: tuple[PC, PC], county: PC
) -> None:
    """The county offered files that a restored server had never heard of; it may not list them, their station may."""
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    county.enrol("220102", "county").sync()
    copy = server.copy("before.db")
    one.open_case("new")
    one.sync_well()
    county.sync()
    server.restore(copy, epoch=True)
    county.sync()
    for pc in (one, two):
        pc.sync_well()
    assert two.case("new").exists
    same(server, one, two)
    with server.db.reading(EVERYTHING) as con:
        rows = con.exec_driver_sql("SELECT subject FROM quarantine WHERE settled_ms IS NULL").all()
    assert rows == []
    county.close()


def test_an_enrolment_whose_answer_was_lost_goes_on_with_another_code(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """The person asked for a new code meanwhile; the server answered 500 to the key it knew already."""
    one, _ = pcs
    one.wire.fault = lambda _n: "answer_lost" if one.wire.paths[-1] == "/v1/enrol" else ""
    with pytest.raises(Trouble, match="no_line"):
        one.enrol()
    one.wire.fault = lambda _n: ""
    one.open_case("c1")
    one.enrol().sync_well()
    same(server, one)


def test_an_erasure_that_waited_for_a_move_takes_what_waited_behind_it(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, clock: FixedClock
) -> None:
    """A server lost a move; of what the new station said meanwhile an erasure is judged first. The push that
    brought the move back ended in an error of the server.
    """
    one, two = pcs
    three = PC(tmp_path / "three", server, clock, "刘芳").enrol("b")
    one.enrol("a").sync_well()
    two.enrol("b").sync_well()
    three.sync_well()
    one.open_case("c1")
    one.sync_well()
    copy = server.copy("before.db")
    subject = Subject("case", "c1")
    bases = one.case("c1").root.bases("station")
    move = fields_set(subject, "case", "c1", {"station": "b"}, bases, kind=Kind.TRANSFERRED)
    one.desk.act([move]).result()
    for pc in (one, two, three):
        pc.sync_well()
    server.restore(copy, epoch=True)
    two.desk.act([NewOp(Kind.ERASED, subject, {"reason": "request"})]).result()
    clock.tick(1000)
    three.serve("c1", "afterwards")
    two.sync()
    three.sync()
    with server.db.reading(EVERYTHING) as con:
        assert len(waiting(con)) >= 2
    for pc in (one, two, three, one):
        pc.sync_well()
    with server.db.reading(EVERYTHING) as con:
        assert waiting(con) == []
    three.close()


def test_the_setup_of_a_lost_station_waits_for_a_person_when_the_county_offers_it(
    server: Server, pcs: tuple[PC, PC], county: PC
) -> None:
    """It looked like the county's own setup, which waits for nobody."""
    one, _ = pcs
    county.enrol("220102", "county").sync()
    copy = server.copy("before.db")
    one.enrol("a").sync_well()
    county.sync()
    server.restore(copy, epoch=True)
    county.sync()
    with server.db.reading(EVERYTHING) as con:
        assert {kept.reason for kept in waiting(con)} == {"out_of_scope"}
    county.close()


def test_a_hole_in_a_life_that_a_restored_server_has_less_of_ends(server: Server, pcs: tuple[PC, PC]) -> None:
    """Behind the hole stood what was listed before the restore: gap and hole were put right in turn, for ever."""
    one, two = pcs
    one.enrol().sync_well()
    copy = server.copy("before.db")
    life = one.station.file.replica_id
    place = one.ops()
    one.open_case("c1")
    one.open_case("c2")
    one.sync_well()
    server.restore(copy, epoch=False)

    def hole(w: Writing) -> None:
        w.con.execute("DELETE FROM stream_op WHERE op_id IN (SELECT op_id FROM op WHERE subject_id = 'c1')")
        w.refold({op.subject for op in rechaining.take_up(w, life, place + 1)})

    one.station.file.write(hole).result()
    for pc in (one, two.enrol(), one):
        pc.sync_well()
    assert two.case("c1").exists and two.case("c2").exists
    same(server, one, two)
    assert "gap" not in one.sync_well().repaired


def test_what_spoke_of_an_erased_person_is_offered_blank_like_everything_else(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """A household told of somebody who was erased; its author's PC is gone, the server restored without a word.
    The other PC had it blank and kept it to itself, as if its payload had left with a move.
    """
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    copy = server.copy("before.db")
    two.open_case("c1")
    home = Subject("household", "h1")
    two.desk.act(
        [
            opened(home, "household", "h1", {}),
            opened(home, "member", "m1", {"case": "c1", "relation": "self"}),
        ]
    ).result()
    two.sync_well()
    one.sync_well()
    one.desk.act([NewOp(Kind.ERASED, Subject("case", "c1"), {"reason": "request"})]).result()
    one.sync_well()
    listed = server.listed()
    server.restore(copy, epoch=False)
    one.sync_well()
    assert server.listed() == listed
    same(server, one)


def move(pc: PC, case: str, to: str) -> None:
    subject, bases = Subject("case", case), pc.case(case).root.bases("station")
    pc.desk.act([fields_set(subject, "case", case, {"station": to}, bases, kind=Kind.TRANSFERRED)]).result()


def payloads(pc: PC, case: str) -> list[bool]:
    ops = pc.station.file.read(lambda con: list(ops_of_subject(con, case))).result()
    return [op.payload is not None for op in ops]


def test_a_colleagues_work_on_who_left_stays_until_a_backup_has_it(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """It was blanked at once, being safe to nobody's knowledge: its author's PC was destroyed, the server went
    back to before, and no copy was left.
    """
    one, two = pcs
    one.enrol().sync_well()
    copy = server.copy("before.db")
    two.enrol().sync_well()
    two.open_case("c1")
    two.sync_well()
    one.sync_well()
    move(two, "c1", "b")
    two.sync_well()
    one.sync_well()
    assert payloads(one, "c1") == [True, True]
    server.restore(copy, epoch=False)
    one.sync_well()
    assert one.case("c1").exists or payloads(one, "c1") == [True, True]
    with server.db.reading(EVERYTHING) as con:
        lines = con.exec_driver_sql("SELECT line FROM op WHERE subject = 'c1'").scalars().all()
    assert len(lines) == 2 and all(decode(bytes(line)).payload for line in lines)


def test_what_a_backup_has_of_who_left_goes(server: Server, pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    for pc in (one, two):
        pc.enrol().sync_well()
    two.open_case("c1")
    move(two, "c1", "b")
    for pc in (two, one):
        pc.sync_well()
    with server.db.writing(EVERYTHING) as con:
        backups.mark(con, "monday", server.clock.now_ms())
    for pc in (two, one):
        pc.sync_well()
        assert payloads(pc, "c1") == [False, False] and pc.faults() == []


def test_a_county_writes_about_whom_a_restored_server_has_lost(
    server: Server, pcs: tuple[PC, PC], county: PC
) -> None:
    """While the stream was taken in again every file of it was refused as one that no station has."""
    one, _ = pcs
    one.enrol().sync_well()
    county.enrol("220102", "county").sync_well()
    copy = server.copy("before.db")
    one.open_case("c1")
    one.sync_well()
    county.sync_well()
    server.restore(copy, epoch=False)
    county.wire.paths.clear()
    county.wire.fault = lambda _n: "lost" if county.wire.paths.count("/v1/pull") > 1 else ""
    assert county.sync().error == "no_line"  # told that the stream diverged, and then nothing more
    county.serve("c1", "电话")
    county.wire.fault = lambda _n: ""
    for pc in (county, one, county):
        pc.sync_well()
    assert len(one.case("c1").of("service")) == 1
    same(server, one)
    county.close()


@pytest.mark.parametrize("known", [True, False], ids=["known", "unheard of"])
def test_the_register_tells_what_erased_when_its_desk_is_gone(
    server: Server, pcs: tuple[PC, PC], *, known: bool
) -> None:
    """The one desk that erased was destroyed and the server restored: its register blanked the file there, and
    the other desks kept theirs, folded otherwise for ever.
    """
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    unheard = server.copy("unheard.db")
    one.open_case("c1")
    one.sync_well()
    two.sync_well()
    copy = server.copy("before.db") if known else unheard
    two.desk.act([NewOp(Kind.ERASED, Subject("case", "c1"), {"reason": "request"})]).result()
    two.sync_well()
    with server.db.reading(EVERYTHING) as con:
        kept = [*register.written(con)]
    assert len(kept) == 1 and "赵某" not in kept[0]
    server.restore(copy, epoch=False)
    with server.db.writing(EVERYTHING) as con:
        backups.restored(con, kept, server.clock.now_ms())
    for _ in range(2):
        one.sync_well()
    assert one.case("c1").erased and not any(payloads(one, "c1")[:-1])
    same(server, one)
    listed = server.listed()
    two.sync_well()  # it was not gone after all
    one.sync_well()
    assert server.listed() == listed
    same(server, one, two)


def test_a_register_without_operations_is_taken_too(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.enrol().open_case("c1")
    one.sync_well()
    with server.db.writing(EVERYTHING) as con:
        backups.restored(con, ["c1", ""], server.clock.now_ms())
        lines = con.exec_driver_sql("SELECT line FROM op WHERE subject = 'c1'").scalars().all()
        assert [decode(bytes(line)).payload for line in lines] == [None]
        assert [*register.written(con)] == ["c1"]


def test_what_speaks_of_the_erased_and_comes_late_is_listed_blank(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, clock: FixedClock
) -> None:
    """Every PC blanked it, and the server kept it: who loaded the stream anew had the person again."""
    one, two = pcs
    one.enrol().open_case("c1")
    one.sync_well()
    two.enrol().sync_well()
    one.desk.act([NewOp(Kind.ERASED, Subject("case", "c1"), {"reason": "request"})]).result()
    one.sync_well()
    home = Subject("household", "h1")
    two.desk.act(
        [opened(home, "household", "h1", {}), opened(home, "member", "m1", {"case": "c1", "name": "赵某"})]
    ).result()
    for pc in (two, one):
        pc.sync_well()
    with server.db.reading(EVERYTHING) as con:
        lines = con.exec_driver_sql("SELECT line FROM op WHERE subject = 'h1'").scalars().all()
    said = [decode(bytes(line)).payload for line in lines]
    assert [p is None for p in said].count(True) == 1 and "赵某" not in str(said)
    late = PC(tmp_path / "late", server, clock, "周敏").enrol()
    for pc in (late, one, two):
        pc.sync_well()
    same(server, one, two, late)
    late.close()


@pytest.mark.parametrize("damaged", [False, True])
def test_an_older_backup_takes_what_came_from_others_out_of_the_newest(
    server: Server, pcs: tuple[PC, PC], clock: FixedClock, damaged: bool
) -> None:
    """A backup trims the journal to what it has not; one's own work left a gap that was seen, others' none."""
    one, two = pcs
    one.open_case("c1")
    one.enrol().sync_well()
    two.enrol()
    for _ in range(3 if damaged else 2):
        back_up(two.station, "test").result()
        clock.tick(DAY_MS)
        two.sync_well()
    back_up(two.station, "test").result()
    if damaged:
        list_backups(two.paths.backups)[0].path.write_bytes(b"no backup")
    restored(two, 3 if damaged else 2)
    assert two.case("c1").exists and two.case("c1").root.text("name") == "赵某"
    for pc in (two, one, two):
        pc.sync_well()
    if damaged:
        list_backups(two.paths.backups)[0].path.unlink()
    same(server, one, two)


def test_what_a_stream_listed_that_left_with_a_restore_is_offered_all_the_same(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, clock: FixedClock
) -> None:
    """Its places stayed here and passed for the server's word: the last copy of a file was kept back."""
    one, _ = pcs
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("t1", "t1", "township", "220102", "")])
        orgs.add(
            con, [orgs.Org("a", "甲站", "station", "t1", ""), orgs.Org("b", "乙站", "station", "220102", "")]
        )
    above = PC(tmp_path / "township", server, clock, "乡").enrol("t1", "county")
    above.sync_well()
    one.enrol()
    copy = server.copy("before.db")
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("b", "乙站", "station", "t1", "")])
    one.open_case("c1")
    move(one, "c1", "b")
    one.sync_well()
    above.sync_well()
    server.restore(copy, epoch=True)  # the PC that wrote it is gone
    above.sync_well()
    with server.db.reading(EVERYTHING) as con:
        said = [bytes(r) for r in con.execute(select(t.quarantine.c.line)).scalars()]
        said += [bytes(r) for r in con.execute(select(t.op.c.line)).scalars()]
    ops = one.station.file.read(lambda con: ops_of_subject(con, "c1")).result()
    assert all(any(op.op_id.encode() in line for line in said) for op in ops)
    above.close()


def test_what_a_person_lists_in_the_stream_of_another_station_is_no_longer_told_as_kept_apart(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """It comes back to its writer in no page: his desk called it kept apart for ever, beside the word that it is not."""
    one, two = pcs
    one.enrol("a")
    two.enrol("b")
    two.open_case("c1")
    two.sync_well()
    subject = Subject("case", "c1")
    one.desk.act([fields_set(subject, "case", "c1", {"phone": "19900000001"}, {})]).result()
    one.sync()
    (told,) = one.station.file.read(sync_told.apart).result()
    secret = server.province.me().person_secret
    assert quarantine.release(server.db, told.action, secret, server.clock.now_ms()) is None
    one.sync()
    assert one.station.file.read(sync_told.apart).result() == []
    assert [n.text for n in one.station.file.read(sync_told.notices).result() if n.kind == "released"] == [
        told.action
    ]


def test_what_was_listed_after_all_is_told_above_although_the_station_left_meanwhile(
    server: Server, pcs: tuple[PC, PC], county: PC
) -> None:
    """Seed 320000274: the word stood in a stream that the writer heard no longer."""
    one, two = pcs
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("220103", "邻县", "county", "22", "")])
    one.enrol("a").open_case("c1")
    two.enrol("b").sync_well()
    county.enrol("220102", "county")
    copy = server.copy("before.db")
    one.sync_well()
    county.sync_well()
    subject = Subject("case", "c1")
    county.desk.act([fields_set(subject, "case", "c1", {"phone": "19900000001"}, {})]).result()
    server.restore(copy, epoch=True)
    county.sync()
    (told,) = county.station.file.read(sync_told.apart).result()
    one.sync_well()
    with server.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("a", "甲站", "station", "220103", "")])
    county.sync()
    assert county.station.file.read(sync_told.apart).result() == []
    assert told.action in [n.text for n in county.station.file.read(sync_told.notices).result()]


def test_an_action_of_which_a_witness_brought_a_part_is_still_told_as_kept_apart(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """Seed 99001154: the rest waited for a person, and nobody heard of it."""
    one, two = pcs
    one.enrol("a")
    two.enrol("b")
    one.open_case("c1")
    one.sync_well()
    two.open_case("c2")
    two.sync_well()
    todo = [
        fields_set(Subject("case", case), "case", case, {"phone": "19900000001"}, {}) for case in ("c1", "c2")
    ]
    action = one.desk.act(todo).result().action_id
    (op,) = [op for op in one.station.file.read(lambda con: ops_of_subject(con, "c1")).result()
             if op.action_id == action]  # fmt: skip
    DeskHere(server.db, replica="colleague").witness(DeskHere(server.db, replica=op.replica_id), [op])
    one.sync()
    placed = "SELECT count(*) FROM stream_op WHERE op_id = ?"
    assert one.station.file.read(lambda con: con.execute(placed, (op.op_id,)).fetchone()).result() == (1,)
    assert [told.action for told in one.station.file.read(sync_told.apart).result()] == [action]


def test_what_a_restored_server_keeps_apart_is_told_again_to_a_restored_desk(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """Seed 100000690: the backup knew it as accepted, and nobody asked again."""
    one, _ = pcs
    one.enrol().sync_well()
    copy = server.copy("before.db")
    one.open_case("c1")
    one.sync_well()
    back_up(one.station, "test").result()
    server.restore(copy, epoch=True)
    device = one.station.file.read(lambda con: sync_facts.get(con, "device")).result()
    with server.db.writing(EVERYTHING) as con:
        assert enrolling.revoke(con, device, "stolen", server.clock.now_ms())
    assert one.sync().error == "sync_revoked"
    told = {kept.action for kept in one.station.file.read(sync_told.apart).result()}
    assert told
    restored(one, 0)
    assert one.sync().error == "sync_revoked"
    assert {kept.action for kept in one.station.file.read(sync_told.apart).result()} == told


def test_what_a_page_lists_where_it_stands_stays_there(server: Server, pcs: tuple[PC, PC]) -> None:
    """Seed 100001031: something else stood before it, at a place that the page gives to another operation. With
    that it went on in another life, and its place in the stream had a header that was not the server's.
    """
    one, _ = pcs
    one.enrol().sync_well()
    odd, copy = DeskHere(server.db, replica="odd"), DeskHere(server.db, replica="odd")
    for desk, cases in ((odd, ("c1", "c2", "c3")), (copy, ("c1", "cx"))):
        for case in cases:
            ops, desk.log.tip = desk.log.stamp_all(
                [opened(Subject("case", case), "case", case, {"name": "某人"})], "staff", f"act-{case}"
            )
            desk.ops += ops
    odd.push()
    strange, known = replace(copy.ops[1], op_id=f"x-{copy.ops[1].op_id}"), odd.ops[2]
    one.station.file.write(lambda w: w.refold(insert_and_fold(w, [strange, known]))).result()
    one.sync_well()
    assert {
        op.replica_id for op in one.station.file.read(lambda con: ops_of_subject(con, "c3")).result()
    } == {"odd"}
    assert one.case("cx").exists
    same(server, one)
