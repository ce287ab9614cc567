"""Whatever may happen to a file on a stick: told in a sentence with the way out, and nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import BadInput, Refused, Trouble
from jobdesk.host.strings import text
from jobdesk.protocol import sealing
from jobdesk.protocol.sealing import Way, seal
from jobdesk.store import sync_carried, sync_facts, sync_state
from jobdesk.sync import carried_desk, carried_files, carried_out
from province import enrolling
from province.carrying import carried
from province.db import tables as t
from province.db.engine import EVERYTHING
from province.refusing import Refused as Declined
from province.streams import new_stream
from tests.sync.ground import DAY_MS, PC, Killed, Server, same
from tests.sync.sticks import answer, back, out, trip


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def told(error: BadInput | Refused | Trouble) -> str:
    """Every case has its sentence, and the sentence a way out."""
    said = text(f"error.{error.code}", **error.params)
    assert "。" in said and len(said) > 15
    return error.code


def refused(pc: PC, data: bytes) -> str:
    before = pc.ops(), pc.waiting(), pc.digest()
    with pytest.raises((BadInput, Refused)) as caught:
        back(pc, data)
    assert (pc.ops(), pc.waiting(), pc.digest()) == before
    assert isinstance(caught.value, (BadInput, Refused))
    return told(caught.value)


def test_read_twice(server: Server, pcs: tuple[PC, PC], stick: Path) -> None:
    one, _ = pcs
    one.enrol().open_case("c1")
    data = answer(server, out(one, stick))
    assert back(one, data).receipt.sent_ops == 3
    assert refused(one, data) == "carried_read_before"


def test_the_same_file_carried_twice_and_an_old_one_again(
    server: Server, pcs: tuple[PC, PC], stick: Path, clock: FixedClock
) -> None:
    one, two = pcs
    one.enrol().open_case("c1")
    first = out(one, stick)
    lost = answer(server, first)  # it never comes back
    listed = server.listed()
    assert lost and answer(server, first) and server.listed() == listed
    one.open_case("c2")
    clock.tick(30 * DAY_MS)
    second = answer(server, out(one, stick))
    listed = server.listed()
    again = answer(server, first)  # a month later somebody carries the old one once more
    assert server.listed() == listed
    assert back(one, second).receipt.waiting == 0
    old = back(one, again)
    assert old.nothing_new and not old.ahead and old.receipt.error == ""
    two.enrol()
    trip(two, server, stick)
    trip(one, server, stick)
    same(server, one, two)


def test_answers_in_the_wrong_order(server: Server, pcs: tuple[PC, PC], stick: Path) -> None:
    one, two = pcs
    two.enrol()
    one.enrol().open_case("c1")
    first = answer(server, out(one, stick))
    one.set("c1", phone="19900000001")
    trip(two, server, stick)
    two.set("c1", address="南岭街道1号")
    trip(two, server, stick)
    second = answer(server, out(one, stick))
    assert back(one, second).receipt.waiting == 0
    assert back(one, first).nothing_new
    trip(two, server, stick)
    trip(one, server, stick)
    same(server, one, two)


def test_an_answer_whose_forerunner_was_not_read(server: Server, pcs: tuple[PC, PC], stick: Path) -> None:
    """Written after the first answer was read, read by a file that was restored to before that."""
    one, two = pcs
    two.enrol().open_case("of-two")
    trip(two, server, stick)
    copy = one.enrol().copied()
    trip(one, server, stick)
    two.open_case("later")
    trip(two, server, stick)
    ahead = answer(server, out(one, stick))
    brought = back(one.put_back(copy), ahead)
    assert brought.ahead and brought.receipt.error == ""
    one.open_case("mine")
    for pc in (one, two, one):
        trip(pc, server, stick)
    same(server, one, two)


def test_of_another_pc_and_of_another_station(server: Server, pcs: tuple[PC, PC], stick: Path) -> None:
    one, two = pcs
    one.enrol()
    two.enrol("b")
    assert refused(one, answer(server, out(two, stick))) == "carried_not_ours"


def test_what_went_out_and_what_is_something_else(server: Server, pcs: tuple[PC, PC], stick: Path) -> None:
    one, _ = pcs
    one.enrol()
    path = out(one, stick)
    assert refused(one, path.read_bytes()) == "carried_went_out"
    assert refused(one, b"PK\x03\x04" + bytes(500)) == "carried_other_kind"
    assert refused(one, b"") == "carried_damaged"
    with pytest.raises(Declined, match="body") as caught:
        carried(server.province, answer(server, path))
    assert caught.value.detail == "carried_not_for_us"


def test_of_another_server(
    server: Server, pcs: tuple[PC, PC], stick: Path, tmp_path: Path, clock: FixedClock
) -> None:
    one, _ = pcs
    one.enrol()
    path = out(one, stick)
    other = Server(tmp_path / "other", clock)
    with pytest.raises(Declined) as caught:
        answer(other, path)
    assert caught.value.detail == "carried_not_for_us"
    assert text("error.carried_not_for_us")
    other.db.engine.dispose()


def test_forged_in_the_servers_name(server: Server, pcs: tuple[PC, PC], stick: Path) -> None:
    """Whoever knows the desk's key for answers is not the server for that."""
    one, _ = pcs
    one.enrol()
    data = answer(server, out(one, stick))
    facts = one.station.file.read(sync_facts.all_facts).result()
    key = sealing.answer_key(bytes.fromhex(facts["device_key"]))
    letter = sealing.unseal(data, key)
    forged = seal(letter.content, Way.BACK, letter.envelope.exchange, sealing.exchange_public(key), bytes(32))
    assert refused(one, forged) == "carried_forged"


def test_a_file_that_a_device_did_not_sign(server: Server, pcs: tuple[PC, PC], stick: Path) -> None:
    one, two = pcs
    one.enrol()
    two.enrol("b")
    me = server.province.me()
    letter = sealing.unseal(out(one, stick).read_bytes(), me.exchange_key)
    key = bytes.fromhex(two.station.file.read(sync_facts.all_facts).result()["device_key"])
    forged = seal(letter.content, Way.OUT, letter.envelope.exchange, me.exchange_public, key)
    with pytest.raises(Declined, match="bad_signature"):
        carried(server.province, forged)
    # nor may anybody give a signed content another exchange
    with pytest.raises(Declined, match="bad_signature"):
        carried(server.province, seal(letter.content, Way.OUT, "0" * 32, me.exchange_public, key))


def test_a_line_was_there_in_between(
    server: Server, pcs: tuple[PC, PC], stick: Path, clock: FixedClock
) -> None:
    one, two = pcs
    for pc in pcs:
        pc.enrol()
    two.open_case("c2")
    two.sync_well()
    one.open_case("c1")
    late = answer(server, out(one, stick))
    two.open_case("c3")
    two.sync_well()
    clock.tick(30 * DAY_MS)
    one.open_case("c4")
    one.sync_well()
    kept = one.digest()
    brought = back(one, late)
    assert brought.nothing_new and one.digest() == kept
    assert one.station.file.read(sync_carried.files).result()[0].state == sync_carried.READ
    two.sync_well()
    one.sync_well()
    same(server, one, two)


def test_a_line_was_there_for_half_of_it(
    server: Server, pcs: tuple[PC, PC], stick: Path, clock: FixedClock
) -> None:
    """The cursor stands in the middle of a page of the answer: it is cut there."""
    one, two = pcs
    one.enrol().sync_well()
    two.enrol()
    for n in range(5):
        two.open_case(f"c{n}")
    two.sync_well()
    path = out(one, stick)
    for n in range(5, 9):
        two.open_case(f"c{n}")
    one.sync_well()  # up to c4
    for_later = one.digest()
    two.sync_well()
    brought = back(one, answer(server, path))
    assert brought.receipt.came_ops == 4 and one.digest() != for_later
    one.sync_well()
    same(server, one, two)


def test_the_server_was_restored_in_between(
    server: Server, pcs: tuple[PC, PC], stick: Path, clock: FixedClock
) -> None:
    one, two = pcs
    one.enrol().open_case("c1")
    two.enrol()
    trip(one, server, stick)
    copy = server.copy("old.db")
    one.open_case("c2")
    two.open_case("t1")
    first = answer(server, out(one, stick))  # of the life that ends now
    trip(two, server, stick)
    clock.tick(DAY_MS)
    server.restore(copy, epoch=True)
    second = out(one, stick)
    brought = back(one, answer(server, second))
    assert "epoch" in brought.receipt.repaired
    assert refused(one, first) == "carried_before_restore"
    for _ in range(3):
        trip(one, server, stick)
        trip(two, server, stick)
    trip(one, server, stick)
    same(server, one, two)
    assert one.waiting() == two.waiting() == 0
    assert {"c1", "c2", "t1"} <= set(one.folds())


def test_another_file_offers_what_the_server_lost(
    server: Server, pcs: tuple[PC, PC], stick: Path, clock: FixedClock
) -> None:
    """The PC that wrote it burnt down; the other one has it, and brings it by stick."""
    one, two = pcs
    one.enrol().open_case("c1")
    two.enrol()
    trip(one, server, stick)
    trip(two, server, stick)
    copy = server.copy("old.db")
    one.open_case("lost")
    trip(one, server, stick)
    trip(two, server, stick)
    server.restore(copy, epoch=True)
    for _ in range(3):
        clock.tick(DAY_MS)
        trip(two, server, stick)
    assert two.digest() == server.digest() and server.listed() == two.ops()


def test_an_answer_read_first_from_before_the_restore(
    server: Server, pcs: tuple[PC, PC], stick: Path, clock: FixedClock
) -> None:
    one, _ = pcs
    one.enrol().open_case("c1")
    copy = server.copy("old.db")
    first = answer(server, out(one, stick))
    clock.tick(DAY_MS)
    server.restore(copy, epoch=True)
    second = answer(server, out(one, stick))
    back(one, first)
    assert one.waiting() == 0
    assert back(one, second).receipt.error == ""
    trip(one, server, stick)
    trip(one, server, stick)
    same(server, one)


def test_a_restored_desk(server: Server, pcs: tuple[PC, PC], stick: Path) -> None:
    one, two = pcs
    one.enrol().open_case("c1")
    two.enrol()
    trip(one, server, stick)
    copy = one.copied()
    one.open_case("after")
    data = answer(server, out(one, stick))
    one.put_back(copy).open_case("again")
    back(one, data)  # of a file that this life never wrote
    for pc in (one, two, one, two, one):
        trip(pc, server, stick)
    same(server, one, two)
    assert {"c1", "after", "again"} <= set(one.folds())


def test_a_revoked_device(server: Server, pcs: tuple[PC, PC], stick: Path) -> None:
    one, _ = pcs
    one.enrol().open_case("c1")
    device = one.station.file.read(sync_facts.all_facts).result()["device"]
    with server.db.writing(EVERYTHING) as con:
        enrolling.revoke(con, device, "test", server.clock.now_ms())
    brought = back(one, answer(server, out(one, stick)))
    assert brought.receipt.error == "sync_revoked"
    assert {r for _, r in brought.receipt.apart} == {"revoked"}


def test_weeks_behind_the_validity(
    server: Server, pcs: tuple[PC, PC], stick: Path, clock: FixedClock
) -> None:
    one, _ = pcs
    one.enrol().open_case("c1")
    clock.tick(300 * DAY_MS)
    assert trip(one, server, stick).receipt.sent_ops == 3
    until = one.station.file.read(lambda con: sync_facts.number(con, "valid_until_ms")).result()
    assert until > clock.now_ms()


# ---------------------------------------------------------------------- the stick


def test_killed_between_the_file_and_the_list(
    server: Server, pcs: tuple[PC, PC], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = pcs
    one.enrol().open_case("c1")
    stick.mkdir()

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(carried_out, "written", dies)
        with pytest.raises(Killed):
            carried_desk.take_out(one.station.file, one.clock, stick)
    one.reopen()
    listed = one.station.file.read(sync_carried.files).result()
    assert [f.state for f in listed] == [sync_carried.WRITING]
    (path,) = stick.iterdir()
    assert back(one, answer(server, path)).receipt.sent_ops == 3
    assert one.station.file.read(sync_carried.files).result()[0].state == sync_carried.READ
    assert out(one, stick).name != path.name


def test_killed_between_the_transactions_of_a_reading(
    server: Server, pcs: tuple[PC, PC], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pcs
    two.enrol()
    for n in range(4):
        two.open_case(f"t{n}")
    trip(two, server, stick)
    one.enrol().open_case("c1")
    data = answer(server, out(one, stick))
    for after in range(1, 14):
        count = 0
        plain = one.station.file.write

        def write(job: object, plain: object = plain, after: int = after) -> object:
            nonlocal count
            count += 1
            if count == after:
                raise Killed
            return plain(job)  # type: ignore[operator]

        with monkeypatch.context() as patched:
            patched.setattr(type(one.station.file), "write", lambda _self, job: write(job))
            try:
                back(one, data)
            except Killed:
                pass
            else:
                break
        one.reopen()
    else:
        raise AssertionError("never came to its end")
    trip(one, server, stick)
    trip(two, server, stick)
    trip(one, server, stick)
    same(server, one, two)


def test_a_stick_that_lies_and_one_that_is_gone(
    pcs: tuple[PC, PC], server: Server, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = pcs
    one.enrol()
    stick.mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(carried_files, "_read_back", lambda _path, _size: b"other")
        with pytest.raises(Trouble) as caught:
            carried_desk.take_out(one.station.file, one.clock, stick)
    assert told(caught.value) == "carried_not_written" and list(stick.iterdir()) == []
    with pytest.raises(Trouble, match="file_missing"):
        carried_desk.take_out(one.station.file, one.clock, stick / "gone")
    assert {f.state for f in one.station.file.read(sync_carried.files).result()} == {sync_carried.WRITING}
    (stick / ".南岭-带出-20260701-001-AAAA.jobdesk.part").write_bytes(b"half")
    path = carried_desk.take_out(one.station.file, one.clock, stick).path
    assert list(stick.iterdir()) == [path]


def test_names_tell_the_station_and_the_day(pcs: tuple[PC, PC], server: Server, stick: Path) -> None:
    one, _ = pcs
    one.enrol()
    one.open_case("c1", "额尔德尼")
    trip(one, server, stick)
    path = out(one, stick)
    assert path.name.startswith("甲站-带出-20260701-002-") and path.suffix == ".jobdesk"
    assert "额尔德尼".encode() not in path.read_bytes()


def test_what_a_carrier_can_see(pcs: tuple[PC, PC], server: Server, stick: Path) -> None:
    """Neither the device nor the station nor two files of one desk can be told from what stands in the clear."""
    one, _ = pcs
    one.enrol().open_case("c1")
    facts = one.station.file.read(sync_facts.all_facts).result()
    first, second = out(one, stick).read_bytes(), out(one, stick).read_bytes()
    a, b = sealing.look(first), sealing.look(second)
    assert a.exchange != b.exchange and a.head[-40:-8] != b.head[-40:-8]
    for known in (facts["device"].encode(), facts["station"].encode() + b'"', b"/v1/"):
        assert known not in first


def test_an_old_answer_says_nothing_about_todays_scope(
    server: Server, pcs: tuple[PC, PC], stick: Path, clock: FixedClock
) -> None:
    """A station came under the county since: it stays in sight (M-12.11)."""
    county, _ = pcs
    county.enrol("220102", "county")
    old = answer(server, out(county, stick))
    with server.db.writing(EVERYTHING) as con:
        con.execute(insert(t.org).values(id="c", name="丙站", level="station", parent="220102"))
        new_stream(con, "c")
    clock.tick(DAY_MS)
    county.sync_well()
    assert back(county, old).receipt.error == ""
    streams = county.station.file.read(sync_state.streams).result()
    assert {s.stream: s.gone for s in streams} == {"a": False, "b": False, "c": False}


def test_what_an_old_program_saved_is_taken_from_a_file_too(
    server: Server, pcs: tuple[PC, PC], stick: Path
) -> None:
    """M-1.3: a month without a line is when a server gets three versions ahead."""
    one, _ = pcs
    one.enrol().sync_well()
    one.open_case("saved")
    server.province.spoken = (3, 4, 5)
    data = answer(server, out(one, stick))
    receipt = back(one, data).receipt
    assert (receipt.error, receipt.waiting, receipt.sent_ops) == ("sync_upgrade", 0, 1)
    server.province.spoken = (1,)
    assert one.sync_well().agreed
