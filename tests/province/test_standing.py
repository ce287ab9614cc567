"""Bootstrap, contents, quarantine, backups: what a server does for years."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, update

from jobdesk.cases.codec import decode, encode, header, op_hash
from jobdesk.cases.ops import Kind, NewOp, Op, Subject, fields_set, opened
from jobdesk.protocol.chains import EMPTY, add, element
from jobdesk.protocol.codes import ErrorCode, Reason, Verdict
from jobdesk.protocol.messages import BootstrapAsk, BootstrapHead, Cursor, Place, PushHead
from province import accept, backups, contents, notices, orgs, pull, quarantine, viewing
from province import bootstrap as bootstrapping
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.refusing import Refused
from tests.province.ground import NOW, DeskHere

SECRET = b"s" * 32


def page(desk: DeskHere, ask: BootstrapAsk) -> tuple[BootstrapHead, list[bytes]]:
    caller = desk.caller()
    with desk.db.reading(caller.nums) as con:
        return bootstrapping.page(con, caller, ask, "e", bootstrapping.Orders())


def end_help(desk: DeskHere, subject: str) -> None:
    values = {"help_state": "ended"}
    desk.act(new=[fields_set(Subject("case", subject), "case", subject, values, {}, kind=Kind.HELP_ENDED)])


def test_a_bootstrap_holds_everything_once_open_files_first_while_others_write(db: Database) -> None:
    desk, other = DeskHere(db), DeskHere(db, "a", "r2")
    for n in range(12):
        desk.act(f"p{n % 6}")
    end_help(desk, "p0")
    end_help(desk, "p1")
    desk.act(new=[opened(Subject("station", "s"), "staff", "st", {"name": "甲"})])
    desk.push()
    ask, got, order, heads = BootstrapAsk(stream="a", max_bytes=700), {}, [], []
    for turn in range(100):
        head, lines = page(desk, ask)
        for seq, line in zip(head.seqs, lines, strict=True):
            assert seq not in got
            got[seq] = decode(line)
            order.append(decode(line).subject.id)
        heads.append(head)
        if head.complete:
            break
        ask = BootstrapAsk(stream="a", at=head.at, after=head.mark, max_bytes=700)
        other.act(f"p{turn % 3}", f"late-{turn}")
        if turn == 2:  # somebody goes while the pages come
            moved = fields_set(
                Subject("case", "p2"), "case", "p2", {"station": "b"}, {}, kind=Kind.TRANSFERRED
            )
            other.act(new=[moved])
        other.push()
    assert len(heads) > 4 and sorted(got) == list(range(1, 16))
    assert list(dict.fromkeys(order)) == ["s", "p2", "p3", "p4", "p5", "p0", "p1"]
    assert {h.at for h in heads} == {heads[0].at} and heads[-1].subjects == heads[-1].total_subjects == 7
    assert heads[-1].digest == add(EMPTY, (element(s, op_hash(o)) for s, o in got.items())).hex()
    head, lines = page(desk, BootstrapAsk(stream="a", subjects=["p3"]))
    assert {decode(x).subject.id for x in lines} == {"p3"} and head.complete


def test_a_bootstrap_of_another_past_is_refused(db: Database) -> None:
    desk = DeskHere(db)
    desk.act("p")
    desk.push()
    for at, error in ((Place(seq=1, hash="f" * 64), ErrorCode.DIVERGED), (Place(seq=7), ErrorCode.DIVERGED)):
        with pytest.raises(Refused) as refused:
            page(desk, BootstrapAsk(stream="a", at=at))
        assert refused.value.error is error
    for mark in ("x", "1.p", "1.p.x", ".."):
        with pytest.raises(Refused):
            page(desk, BootstrapAsk(stream="a", after=mark))


def attach(desk: DeskHere, subject: str, digest: str) -> list[Op]:
    return desk.act(new=[opened(Subject("case", subject), "attachment", f"att-{digest[:8]}",
                                {"digest": digest, "file_name": "a.pdf"}, kind=Kind.ATTACHMENT_ADDED)])  # fmt: skip


def test_what_waits_of_one_replica_is_listed_as_it_was_written(db: Database) -> None:
    """By when it came: a clock that was put back had a file moved before it began (seed 99000764)."""
    desk = DeskHere(db)
    for n in range(3):
        lines = [newer(desk, f"p{n}")]
        head = PushHead(replica="r1", acked=desk.acked, last_seq=n + 1, now_ms=NOW, count=1)
        with db.writing(desk.caller().nums, station=True) as con:
            desk.acked = accept.take(con, desk.caller(), head, lines, NOW - n).acked
    with db.reading(EVERYTHING) as con:
        seqs = select(t.quarantine.c.action).order_by(t.quarantine.c.replica_seq)
        written = list(con.execute(seqs).scalars())
        keys = quarantine._keys(con)  # pyright: ignore[reportPrivateUsage]
        assert [action for action, _ in keys] == written and len(written) == 3


def test_contents_go_up_in_pieces_and_only_to_whom_sees_them(db: Database, tmp_path: Path) -> None:
    desk, other = DeskHere(db), DeskHere(db, "b", "r2")
    body = bytes(range(256)) * 40
    digest = sha256(body).hexdigest()
    store = contents.Store(tmp_path / "c")

    def seen(who: DeskHere, writing: bool = False) -> bool:
        caller = who.caller()
        with db.reading(caller.nums, station=caller.at_station) as con:
            return digest in contents.in_scope(con, caller, [digest], writing=writing)

    assert not seen(desk)
    attach(desk, "p", digest)
    desk.push()
    assert seen(desk, True) and not seen(other)
    assert store.put(digest, 0, len(body), body[:100]).held == 100
    assert store.put(digest, 300, len(body), body[300:]).held == 100
    assert store.put(digest, 37, len(body), body[37:5000]).held == 5000
    assert store.put(digest, 5000, len(body), body[5000:]).complete
    assert store.get(digest, 9000) == (body[9000:], len(body))
    with pytest.raises(Refused):
        store.put(sha256(b"other").hexdigest(), 0, 3, b"abc")
    assert store.state(sha256(b"other").hexdigest()).held == 0
    move = fields_set(Subject("case", "p"), "case", "p", {"station": "b"}, {}, kind=Kind.TRANSFERRED)
    desk.act(new=[move])
    desk.push()
    assert seen(other, True)
    other.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {})])
    store.drop(other.push().contents)
    assert not seen(desk) and not seen(other) and not store.state(digest).complete


def newer(desk: DeskHere, subject: str) -> bytes:
    """An operation of a program of tomorrow: another kind, another schema."""
    op = desk.act(subject)[0]
    head = json.loads(header(op))
    head[8], head[9] = 99, "FlownToTheMoon"
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    line = json.loads(encode(op))
    desk.log.tip = replace(desk.log.tip, hash=sha256(text.encode()).digest())
    return json.dumps([text, *line[1:]], ensure_ascii=False).encode()


def test_what_a_newer_program_wrote_is_kept_whole_and_the_chain_goes_on(db: Database) -> None:
    desk = DeskHere(db)
    first, odd = encode(desk.act("p")[0]), newer(desk, "p")
    then = encode(desk.act("p")[0])
    taken = desk.push([first, odd, then])
    assert [(v.verdict, v.reason) for v in taken.verdicts][1] == (Verdict.QUARANTINED, Reason.NEWER_SCHEMA)
    assert taken.acked == Place(seq=3, hash=op_hash(decode(then)).hex())
    assert quarantine.ask_again(db, SECRET, NOW) == {"newer_schema": 1}


def test_after_an_upgrade_it_is_asked_again_and_told(db: Database) -> None:
    desk = DeskHere(db)
    kept = desk.act("p")
    with db.writing(EVERYTHING) as con:
        con.execute(t.device.insert().values(id="dev-r1", org="a", role="desk", public_key=b"k",
                                             enrolled_ms=0, valid_until_ms=0))  # fmt: skip
    desk.push(revoked=True)
    with db.writing(EVERYTHING) as con:  # as an older server would have kept it
        con.execute(update(t.quarantine).values(reason=Reason.NEWER_SCHEMA.value))
    assert quarantine.ask_again(db, SECRET, NOW) == {"accepted": 1}
    while desk.pull():
        pass
    assert [decode(x) for x in desk.pulled["a"]] == kept
    with db.reading(desk.caller().nums) as con:
        (told,) = notices.of(con, desk.caller(), NOW)
    assert (told.kind, told.text) == ("released", kept[0].action_id)
    desk.acked = Place()
    assert [v.verdict for v in desk.push().verdicts] == [Verdict.QUARANTINED]  # what was told stays


def test_what_came_before_its_machine_was_shut_out_waits_for_a_person(db: Database) -> None:
    """The view went on to say that a newer program is needed, after the upgrade."""
    desk = DeskHere(db)
    with db.writing(EVERYTHING) as con:
        con.execute(t.device.insert().values(id="dev-r1", org="a", role="desk", public_key=b"k", revoked_ms=1,
                                             enrolled_ms=0, valid_until_ms=0))  # fmt: skip
    desk.act("p")
    desk.push(revoked=True)
    with db.writing(EVERYTHING) as con:  # as an older server had kept it
        con.execute(update(t.quarantine).values(reason=Reason.NEWER_SCHEMA.value))
    assert quarantine.ask_again(db, SECRET, NOW) == {"revoked": 1}
    with db.reading(EVERYTHING) as con:
        assert [kept.reason for kept in quarantine.waiting(con)] == ["revoked"]


def test_a_person_releases_or_discards(db: Database) -> None:
    desk = DeskHere(db)
    good, bad = desk.act("p"), desk.act("q")
    desk.push(revoked=True)
    assert quarantine.release(db, good[0].action_id, SECRET, NOW) is None
    with db.writing(EVERYTHING) as con:
        assert quarantine.discard(con, bad[0].action_id, NOW) == 1
        assert quarantine.waiting(con) == []
    with pytest.raises(LookupError):
        quarantine.release(db, bad[0].action_id, SECRET, NOW)
    after = desk.act("p")
    assert desk.push().verdicts[0].verdict is Verdict.ACCEPTED and after
    while desk.pull():
        pass
    assert len(desk.pulled["a"]) == 2


def test_ten_thousand_kept_apart_are_never_read_by_a_push(db: Database) -> None:
    flood, desk = DeskHere(db, "a", "r1"), DeskHere(db, "a", "r2")

    def asked() -> list[str]:
        """The statements of one push."""
        seen: list[str] = []

        def note(_con: object, _cursor: object, statement: str, *_more: object) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        desk.act("case-1")
        desk.push()
        event.remove(db.engine, "before_cursor_execute", note)
        return seen

    desk.act("case-1")
    desk.push()
    before = asked()
    for _ in range(5):
        for n in range(2000):
            flood.act(f"x{n}")
        flood.push(revoked=True)
    with db.reading(EVERYTHING) as con:
        assert con.execute(select(func.count()).select_from(t.quarantine)).scalar_one() == 10_000
    assert asked() == before
    asked_for = [statement for statement in before if "FROM quarantine" in statement]
    assert len(asked_for) == 1, "whether anything of this replica waits: by its key, one row at most"
    assert "WHERE quarantine.replica = " in asked_for[0] and "LIMIT" in asked_for[0]
    assert not any(statement.startswith("UPDATE quarantine") for statement in before)
    with db.reading(EVERYTHING) as con:
        seen = viewing.overview(con, "220102", NOW)
    assert len(seen.kept) == viewing.MOST_KEPT and seen.more_kept
    with db.writing(EVERYTHING) as con:
        assert quarantine.discard_of(con, "dev-r1", NOW) == 10_000
        assert quarantine.waiting(con) == []


def safe(db: Database, replica: str) -> int:
    with db.reading(EVERYTHING) as con:
        return int(con.execute(select(t.replica.c.safe).where(t.replica.c.id == replica)).scalar_one())


def test_safe_is_what_the_oldest_restorable_backup_holds(db: Database) -> None:
    desk = DeskHere(db)
    for day in ("mon", "tue"):
        desk.act("p")
        desk.push()
        with db.writing(EVERYTHING) as con:
            backups.mark(con, day, NOW + len(desk.ops))
    assert safe(db, "r1") == 1
    with db.writing(EVERYTHING) as con:
        assert backups.drop(con, "mon", NOW) and not backups.drop(con, "mon", NOW)
    assert safe(db, "r1") == 2 and desk.push([]).safe == 2
    with db.reading(EVERYTHING) as con:
        (page,) = pull.answer(con, desk.caller(), [Cursor(stream="a")], 1).pages
    assert page.safe == 2
    with db.writing(EVERYTHING) as con:
        backups.drop(con, "tue", NOW)
    assert safe(db, "r1") == 0


def test_safe_asks_no_clock_which_backup_is_the_oldest(db: Database) -> None:
    """The server's clock was put back between two backups: the newer one seemed to be the oldest, desks let go of
    what the other one lacks, and that one was restored.
    """
    desk, other = DeskHere(db), DeskHere(db, "a", "r2")
    for day, now in (("mon", NOW), ("tue", NOW - 3 * 24 * 3600 * 1000)):
        desk.act("p")
        desk.push()
        with db.writing(EVERYTHING) as con:
            backups.mark(con, day, now)
        other.act("q")
        other.push()
    assert (safe(db, "r1"), safe(db, "r2")) == (1, 0)
    with db.reading(EVERYTHING) as con:
        (page,) = pull.answer(con, desk.caller(), [Cursor(stream="a")], 1).pages
    assert page.safe == 1


def test_a_stream_that_one_backup_does_not_know_is_not_safe(db: Database) -> None:
    """A station that was added between two of them: restored to the first, nothing of it is there."""
    with db.writing(EVERYTHING) as con:
        backups.mark(con, "mon", NOW)
        orgs.add(con, [orgs.Org("c", "丙站", "station", "220102", "")])
    desk = DeskHere(db, "c")
    desk.act("p")
    desk.push()
    with db.writing(EVERYTHING) as con:
        backups.mark(con, "tue", NOW)
    assert safe_of(desk) == 0
    with db.writing(EVERYTHING) as con:
        backups.drop(con, "mon", NOW)
    assert safe_of(desk) == 1


def safe_of(desk: DeskHere) -> int:
    """Of its station's stream."""
    with desk.db.reading(EVERYTHING) as con:
        (page,) = pull.answer(con, desk.caller(), [Cursor(stream=desk.org)], 1 << 20).pages
    return page.safe


def test_a_restored_server_erases_again_what_came_back(db: Database) -> None:
    desk = DeskHere(db)
    desk.act("p", text="隐私")
    desk.push()
    with db.writing(EVERYTHING) as con:
        first, _ = backups.restored(con, ["p", "never-seen"], NOW)
        second, _ = backups.restored(con, [], NOW)
    assert first != second
    desk.act("never-seen", text="隐私")
    desk.push()
    while desk.pull():
        pass
    assert not any("隐私".encode() in line for line in desk.pulled["a"])
