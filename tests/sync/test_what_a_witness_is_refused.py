"""What a server lost of a colleague who is gone: all of it comes back, and what it refuses keeps nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Subject, opened
from jobdesk.protocol.bodies import read_body
from jobdesk.protocol.codes import KEPT_APART, ErrorCode
from jobdesk.protocol.messages import PushAnswer, PushHead
from jobdesk.store import sync_facts
from jobdesk.sync.transport import Answered
from province import contents, quarantine
from province.asking import Asked
from province.refusing import Refused
from province.serving import Province
from tests.sync.ground import DAY_MS, PC, Server, same
from tests.sync.sticks import answer, back, out, trip
from tests.sync.test_carried_large import attach
from tests.sync.test_recovery import clone


@pytest.fixture
def third(tmp_path: Path, server: Server, clock: FixedClock) -> Iterator[PC]:
    made = PC(tmp_path / "third", server, clock, "周敏")
    yield made
    made.close()


def refill(pc: PC) -> str:
    return pc.station.file.read(lambda con: sync_facts.get(con, "refill")).result()


def pushes(monkeypatch: pytest.MonkeyPatch, refuse: Callable[[PushHead], Refused | None]) -> list[str]:
    """Every push as a witness from now on, by replica with what it came to; some are refused."""
    take, seen = Province.push, list[str]()

    def push(province: Province, asked: Asked) -> PushAnswer:
        head, _ = read_body(asked.body, PushHead)
        if not head.witness:
            return take(province, asked)
        try:
            no = refuse(head)
            if no is not None:
                raise no
            told = take(province, asked)
        except Refused as no:
            seen.append(f"{head.replica} {no.error}")
            raise
        seen.append(f"{head.replica} taken")
        return told

    monkeypatch.setattr(Province, "push", push)
    return seen


def gone_with_a_large_action(server: Server, one: PC, two: PC) -> None:
    """Five million bytes in one action and a small one behind it; the server has neither any more."""
    one.enrol().sync_well()
    two.enrol().sync_well()
    one.open_case("c1")
    for pc in (one, two, one):
        pc.sync_well()
    copy = server.copy("before.db")
    r = Random(1)
    large = ["".join(chr(r.randrange(0x4E00, 0x9FA5)) for _ in range(80_000)) for _ in range(20)]
    one.desk.act(
        [opened(Subject("case", "c1"), "service", one.desk.new_id(), {"content": text}) for text in large]
    ).result()
    one.serve("c1", "后面的一条")
    one.sync_well()
    two.sync_well()
    server.restore(copy, epoch=True)


def test_a_large_action_of_somebody_who_is_gone_comes_back(
    server: Server, pcs: tuple[PC, PC], third: PC
) -> None:
    """It was kept whole at any size: every exchange ended with ``sync_body``, and nothing behind it went."""
    one, two = pcs
    gone_with_a_large_action(server, one, two)
    assert two.sync_well().refilled_ops == 21 and refill(two) == ""
    third.enrol().sync_well()
    assert "后面的一条" in repr(third.case("c1").records)
    two.sync_well()
    same(server, two, third)


def test_so_it_does_by_a_stick(server: Server, pcs: tuple[PC, PC], third: PC, tmp_path: Path) -> None:
    """Its push was refused, and the answer said all the same that everything had been offered."""
    one, two = pcs
    gone_with_a_large_action(server, one, two)
    trip(two, server, tmp_path / "first")  # tells that the server was restored
    assert refill(two)
    told = trip(two, server, tmp_path / "second")
    assert told.receipt.refilled_ops == 21 and refill(two) == "" and not told.more
    third.enrol().sync_well()
    two.sync_well()
    same(server, two, third)


def lost_of_two(server: Server, one: PC, two: PC, third: PC) -> dict[str, str]:
    """One file of each of two colleagues, a paper of ours: by whose chain."""
    for pc in (one, two, third):
        pc.enrol().sync_well()
    one.open_case("c1")
    for pc in (one, two, third):
        pc.sync_well()
    copy = server.copy("before.db")
    of: dict[str, str] = {}
    for name, pc in (("one", one), ("third", third)):
        of[name] = pc.station.file.replica_id
        pc.open_case(f"of-{name}")
        pc.sync_well()
    two.sync_well()
    attach(two, "c1", b"bytes of a paper")
    server.restore(copy, epoch=True)
    server.province.store = contents.Store(server.folder / "contents")
    server.clock.tick(8 * DAY_MS)  # the list of stations is asked for once a week
    two.wire.paths.clear()
    return of


REFUSALS = {
    "sync_body": (ErrorCode.BODY, "too_large"),
    "sync_busy": (ErrorCode.BUSY, "locks"),
    "sync_kept_apart": (ErrorCode.BUSY, KEPT_APART),
    "sync_out_of_scope": (ErrorCode.OUT_OF_SCOPE, ""),
}


@pytest.mark.parametrize("error", REFUSALS)
@pytest.mark.parametrize("bad", ["one", "third"])
def test_what_is_refused_keeps_nothing_else_from_going(
    server: Server, pcs: tuple[PC, PC], third: PC, monkeypatch: pytest.MonkeyPatch, error: str, bad: str
) -> None:
    one, two = pcs
    of = lost_of_two(server, one, two, third)
    code, detail = REFUSALS[error]
    good = "third" if bad == "one" else "one"
    with monkeypatch.context() as patched:
        seen = pushes(patched, lambda head: Refused(code, detail=detail) if head.replica == of[bad] else None)
        told = two.sync()
        assert (told.error, told.refilled_ops, told.contents_sent) == (error, 1, 1)
        assert "/v1/stations" in two.wire.paths and refill(two)
        assert set(seen) == {f"{of[bad]} {code}", f"{of[good]} taken"}
        assert len(seen) < 6  # not in every round; a refused body is sent once more, as a line may mangle it
        seen.clear()
        assert two.sync().error == error and set(seen) == {f"{of[bad]} {code}"} and len(seen) < 3
    assert two.sync_well().refilled_ops == 1 and refill(two) == ""
    late = third if bad == "one" else one
    late.sync_well()
    assert late.case("of-one").exists and late.case("of-third").exists
    two.sync_well()
    same(server, two, late)


def test_a_fault_of_the_server_over_one_push_keeps_nothing_else(
    server: Server, pcs: tuple[PC, PC], third: PC, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pcs
    of = lost_of_two(server, one, two, third)
    answer_well = server.answer

    def answered(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        head = read_body(body, PushHead)[0] if path == "/v1/push" else None
        if head is not None and head.witness and head.replica == min(of.values()):
            return Answered(500, b"Internal Server Error")
        return answer_well(method, path, headers, body)

    with monkeypatch.context() as patched:
        patched.setattr(server, "answer", answered)
        told = two.sync()
        assert (told.error, told.refilled_ops, told.contents_sent) == ("sync_no_answer", 1, 1)
        assert refill(two)
    assert two.sync_well().refilled_ops == 1 and refill(two) == ""


def test_a_server_that_is_busy_is_left_alone(
    server: Server, pcs: tuple[PC, PC], third: PC, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once may be that one push; twice it is the server."""
    one, two = pcs
    lost_of_two(server, one, two, third)
    seen = pushes(monkeypatch, lambda _head: Refused(ErrorCode.BUSY, detail="load", retry_after_s=40))
    told = two.sync()
    assert (told.error, told.next_sync_s, len(seen)) == ("sync_busy", 40, 2)
    assert told.contents_sent == 0 and refill(two)


def test_by_a_stick_what_was_refused_is_offered_again(
    server: Server, pcs: tuple[PC, PC], third: PC, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one, two = pcs
    of = lost_of_two(server, one, two, third)
    trip(two, server, tmp_path / "stick")
    with monkeypatch.context() as patched:
        pushes(
            patched,
            lambda head: Refused(ErrorCode.BODY, detail="too_large") if head.replica == of["one"] else None,
        )  # fmt: skip
        for refilled in (1, 0):
            told = trip(two, server, tmp_path / "stick")
            assert (told.receipt.refilled_ops, told.more) == (refilled, True) and refill(two)
    told = trip(two, server, tmp_path / "stick")
    assert (told.receipt.refilled_ops, told.more, refill(two)) == (1, False, "")
    third.sync_well()
    two.sync_well()
    same(server, two, third)


def test_a_push_that_the_server_could_not_read_says_not_whose_it_was(
    server: Server, pcs: tuple[PC, PC], third: PC, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A body over the server's limit is answered without a word of what was asked."""
    one, two = pcs
    lost_of_two(server, one, two, third)
    trip(two, server, tmp_path / "stick")
    with monkeypatch.context() as patched:
        patched.setattr("province.carried_requests.MAX_BODY_BYTES", 300)
        back(two, answer(server, out(two, tmp_path / "stick")))
        assert refill(two)
    for _ in range(2):
        trip(two, server, tmp_path / "stick")
    third.sync_well()
    assert refill(two) == "" and third.case("of-one").exists


@pytest.mark.parametrize("way", ["line", "stick"])
def test_a_chain_that_goes_on_differently_is_taken_up(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """By a stick the ``fork`` was passed over, and what only the witness knew was offered no more."""
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    one.open_case("c1")
    one.sync_well()
    other = clone(one, tmp_path / "clone")
    copy = server.copy("before.db")
    for n in range(3):
        one.open_case(f"one-{n}")
    one.sync_well()
    two.sync_well()
    server.restore(copy, epoch=True)
    with monkeypatch.context() as older:
        older.setattr("province.reading.SCHEMA", 0)
        for n in range(4):
            other.open_case(f"other-{n}")
        other.sync_well()  # kept apart: no stream tells that these places are taken
    seen = pushes(monkeypatch, lambda _head: None)
    for _ in range(4):
        two.sync_well() if way == "line" else trip(two, server, tmp_path / "stick")
    assert seen.count(f"{one.station.file.replica_id} fork") == 1, seen
    other.sync_well()
    assert all(other.case(f"one-{n}").exists for n in range(3)) and refill(two) == ""
    quarantine.ask_again(server.db, server.province.me().person_secret, server.clock.now_ms())
    for pc in (two, other):
        pc.sync_well()
    same(server, other, two)
    other.close()
