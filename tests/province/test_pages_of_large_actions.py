"""What a page holds at most, whatever stands in a stream (M-5.2, section 14)."""

from __future__ import annotations

import json
import zlib
from random import Random

import pytest

from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Subject, opened
from jobdesk.protocol.bodies import write_lines
from jobdesk.protocol.limits import MAX_BATCH_BYTES, MAX_BODY_BYTES, MAX_PAGE_BYTES
from jobdesk.protocol.messages import BootstrapAsk, Cursor, Masked, Notice, Place, PullHead, Scope
from province import bootstrap, pull
from province.db.engine import Database
from tests.province.ground import NOW, DeskHere

KB = 1024


def words(seed: int, size: int) -> str:
    """Text of so many bytes that hardly deflates."""
    random = Random(seed)
    return "".join(chr(random.randrange(0x4E00, 0x9FA5)) for _ in range(size // 3))


def save(desk: DeskHere, count: int, size: int) -> str:
    """One action of so many operations of so many bytes, sent in pieces that a push holds; its id."""
    text, action = words(size, size), f"{desk.replica}-act-{len(desk.ops)}"
    todo = [
        opened(Subject("case", f"{action}-{n}"), "service", f"{action}-{n}", {"content": text})
        for n in range(count)
    ]
    ops, desk.log.tip = desk.log.stamp_all(todo, "staff", action)
    desk.ops += ops
    piece = max(1, MAX_BATCH_BYTES // 2 // size)
    for start in range(0, count, piece):
        desk.push([encode(op) for op in ops[start : start + piece]])
    return action


def answers(desk: DeskHere, max_bytes: int = 256 * KB) -> list[pull.Answer]:
    """Page after page to the end."""
    caller, at, found = desk.caller(), dict[str, Place](), list[pull.Answer]()
    while not found or found[-1].more:
        with desk.db.reading(caller.nums, station=caller.at_station) as con:
            found.append(pull.answer(con, caller, [Cursor(stream=s, at=p) for s, p in at.items()], max_bytes))
        assert found[-1].pages and all(p.start == at.get(p.stream, Place()) for p in found[-1].pages)
        at |= {page.stream: page.end for page in found[-1].pages}
        assert len(found) < 500
    return found


def action_of(line: bytes) -> str:
    return json.loads(json.loads(line)[0])[7]


def size(lines: list[bytes]) -> int:
    return sum(len(line) + 1 for line in lines)


@pytest.mark.parametrize("max_bytes", [1, 256 * KB, 4 * KB * KB])
def test_a_page_is_never_larger_than_is_said(db: Database, max_bytes: int) -> None:
    desk = DeskHere(db)
    desk.act("before")
    desk.push()
    large = save(desk, 500, 12_000)
    desk.act("behind")
    desk.push()
    pages = answers(desk, max_bytes)
    lines = [line for page in pages for line in page.lines]
    assert lines == [encode(op) for op in desk.ops]
    for page, following in zip(pages, [*pages[1:], None], strict=True):
        assert size(page.lines) <= MAX_PAGE_BYTES
        head = PullHead(epoch="e", now_ms=NOW, scope=Scope(version=1, streams=[]), pages=page.pages,
                        more=page.more)  # fmt: skip
        body = write_lines(head, page.lines)
        assert len(body) <= MAX_BODY_BYTES and len(zlib.decompress(body)) <= MAX_BATCH_BYTES
        if following and action_of(page.lines[-1]) == action_of(following.lines[0]):
            assert action_of(page.lines[-1]) == large
            assert size([*page.lines, following.lines[0]]) > MAX_PAGE_BYTES
    assert [page.pages[0].digest is None for page in pages] == [True] * (len(pages) - 1) + [False]


def test_an_action_that_a_page_holds_is_never_parted(db: Database) -> None:
    """It waits for a page of its own behind what is small."""
    desk = DeskHere(db)
    save(desk, 1, 100_000)
    save(desk, 8, 250_000)
    save(desk, 8, 250_000)
    pages = answers(desk)
    assert [page.pages[0].count for page in pages] == [1, 8, 8]


def test_what_other_streams_say_leaves_no_room_for_parts(db: Database) -> None:
    one, other = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    save(one, 1, 200_000)
    save(other, 8, 250_000)
    above = DeskHere(db, "220102", "r3", "county")
    pages = answers(above)
    assert [[(p.stream, p.count) for p in page.pages] for page in pages] == [
        [("a", 1)], [("a", 0), ("b", 8)],
    ]  # fmt: skip
    assert all(size(page.lines) <= MAX_PAGE_BYTES for page in pages)


def test_a_page_of_a_bootstrap_too(db: Database) -> None:
    desk = DeskHere(db)
    save(desk, 40, 250_000)
    caller, ask = desk.caller(), BootstrapAsk(stream="a", max_bytes=MAX_BATCH_BYTES)
    got: list[bytes] = []
    while True:
        with db.reading(caller.nums, station=True) as con:
            head, lines = bootstrap.page(con, caller, ask, "e", bootstrap.Orders())
        assert lines and size(lines) <= MAX_PAGE_BYTES
        assert len(zlib.decompress(write_lines(head, lines))) <= MAX_BATCH_BYTES
        got += lines
        if head.complete:
            break
        ask = ask.model_copy(update={"at": head.at, "after": head.mark})
    assert sorted(got) == sorted(encode(op) for op in desk.ops)


def test_notices_that_have_no_room_are_told_by_turns() -> None:
    facts = [Masked(subject=f"case-{n}", name="赵*", same=["x" * 32] * 8) for n in range(61)]
    notices = [Notice(id=f"n-{n}", kind="transfer_request", facts=facts) for n in range(200)]
    lines = [b"x" * (MAX_PAGE_BYTES - 1)]
    told: set[str] = set()
    for minute in range(200):
        full = pull.told(head(minute), lines, notices)
        assert len(zlib.decompress(write_lines(full, lines))) <= MAX_BATCH_BYTES
        assert 0 < len(full.notices) < 200
        told |= {n.id for n in full.notices}
    assert told == {n.id for n in notices}
    assert pull.told(head(0), lines, notices[:3]).notices == notices[:3]


def head(minute: int) -> PullHead:
    scope = Scope(version=1, streams=[])
    return PullHead(epoch="e", now_ms=NOW + 60_000 * minute, scope=scope, pages=[], more=False)
