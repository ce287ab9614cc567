"""What erasing a paper costs, and looking whether any was left: by what went, not by what ever was there."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from province import uploads
from province.contents import Store, drop_erased, left_over
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.serving import Province
from tests.province.ground import NOW

HOUR_MS = 3_600_000


def name(of: str) -> str:
    return sha256(of.encode()).hexdigest()


def calls(job: Callable[[], object]) -> int:
    """A cost that is the same on every machine: how many functions it took."""
    count = 0

    def called(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        job()
    finally:
        sys.setprofile(before)
    return count


def begun(store: Store, machine: str, digest: str) -> None:
    store.put(digest, 0, 200, secrets.token_bytes(100), machine)


def erased(db: Database, who: str, at_ms: int) -> str:
    """Somebody with a paper; its digest."""
    digest = name(f"paper of {who}")
    named = {"digest": digest, "op_id": f"op-{who}", "home": 1, "subject": who, "gone_ms": at_ms}
    with db.writing(EVERYTHING) as con:
        con.execute(insert(t.content), [named])
        con.execute(insert(t.erased), [{"subject": who, "at_ms": at_ms}])
    return digest


def left(store: Store, digest: str) -> list[Path]:
    return [p for p in store.folder.rglob("*") if digest in p.name]


def test_a_content_that_goes_looks_at_no_other_machine(tmp_path: Path) -> None:
    store, cost = Store(tmp_path), list[int]()
    for more in (3, 300):
        for n in range(more):
            begun(store, f"machine {more} {n}", name(f"content {more} {n}"))
        for machine in ("one", "two"):
            begun(store, machine, name("of the erased"))
        cost.append(calls(lambda: store.drop([name("of the erased"), name("never here")])))
        assert left(store, name("of the erased")) == []
    assert cost[0] == cost[1]


def test_what_is_whole_or_refused_leaves_no_name_beside_it(tmp_path: Path) -> None:
    store, body = Store(tmp_path), secrets.token_bytes(200)
    digest = sha256(body).hexdigest()
    store.put(digest, 0, 200, body[:100], "one")
    store.put(digest, 0, 200, body[:100], "two")
    assert store.put(digest, 100, 200, body[100:], "two").complete
    assert [p.name for p in left(store, digest)] == [digest]


@pytest.mark.parametrize("many", [1, 60])
def test_a_sweep_asks_nothing_of_those_who_went_long_ago(db: Database, tmp_path: Path, many: int) -> None:
    now = [NOW + 24 * HOUR_MS]
    province = Province(db, lambda: now[0], lambda: "id", Store(tmp_path))
    assert province.store is not None
    for n in range(many):
        erased(db, f"s{n}", NOW)
    province.drop_erased()
    now[0] += HOUR_MS
    asked = list[str]()
    find = Store.drop

    def drop(self: Store, digests: set[str]) -> None:
        asked.extend(digests)
        find(self, digests)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Store, "drop", drop)
        province.drop_erased()
        assert asked == []
        digest = erased(db, "just now", now[0])
        begun(province.store, "one", digest)
        province.drop_erased()
        assert asked == [digest] and left(province.store, digest) == []
        begun(province.store, "one", digest)  # a chunk that was under way
        now[0] += HOUR_MS // 6
        province.drop_erased()
        assert asked == [digest] * 2 and left(province.store, digest) == []
        now[0] += 25 * HOUR_MS
        asked.clear()
        province.drop_erased()
        assert len(asked) == many + 1  # once a day everybody


def test_a_sweep_reads_no_content_that_is_there(db: Database) -> None:
    """Of a province there are millions, and each process looks every ten minutes."""
    asked = list[tuple[str, Any]]()

    def ask(_con: object, _cursor: object, statement: str, given: object, *_: object) -> None:
        asked.append((statement, given))

    with db.reading(EVERYTHING) as con:
        if db.is_postgres:
            con.execute(text("SET LOCAL enable_seqscan = off"))  # the table is empty here
        event.listen(con, "before_cursor_execute", ask)
        left_over(con, NOW)
        event.remove(con, "before_cursor_execute", ask)
        statement, given = asked[0]
        explain = "EXPLAIN" if db.is_postgres else "EXPLAIN QUERY PLAN"
        plan = " ".join(map(str, con.exec_driver_sql(f"{explain} {statement}", given)))
    assert "ix_content_gone" in plan, plan


def test_a_clock_that_was_put_right_hides_nobody(db: Database, tmp_path: Path) -> None:
    now = [NOW + 5 * HOUR_MS]
    province = Province(db, lambda: now[0], lambda: "id", Store(tmp_path))
    assert province.store is not None
    province.drop_erased()
    now[0] = NOW
    digest = erased(db, "s", NOW)
    begun(province.store, "one", digest)
    now[0] += HOUR_MS // 6
    province.drop_erased()
    assert left(province.store, digest) == []


def test_a_sweep_that_failed_is_made_up_for(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [NOW]
    province = Province(db, lambda: now[0], lambda: "id", Store(tmp_path))
    assert province.store is not None
    digest = erased(db, "s", NOW - 400 * 24 * HOUR_MS)
    begun(province.store, "one", digest)

    def shut(_self: Store, _digests: set[str]) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(Store, "drop", shut)
        province.drop_erased()
    now[0] += HOUR_MS // 6
    province.drop_erased()
    assert left(province.store, digest) == []


@pytest.mark.parametrize("empty", [True, False])
def test_who_is_erased_while_the_disk_is_away_goes_with_its_return(
    db: Database, tmp_path: Path, empty: bool
) -> None:
    """Nothing failed meanwhile: what is not there need not be deleted."""
    now, folder = [NOW], tmp_path / "contents"
    province = Province(db, lambda: now[0], lambda: "id", Store(folder))
    assert province.store is not None
    begun(province.store, "one", name("paper of s"))
    province.drop_erased()
    folder.rename(tmp_path / "away")
    if empty:
        folder.mkdir()
    digest = erased(db, "s", NOW)
    for _ in range(18):
        now[0] += HOUR_MS // 6
        province.drop_erased()
    assert left(Store(tmp_path / "away"), digest)
    if empty:
        folder.rmdir()
    (tmp_path / "away").rename(folder)
    now[0] += HOUR_MS // 6
    province.drop_erased()
    assert left(province.store, digest) == []


def test_names_that_an_older_program_left_go(db: Database, tmp_path: Path) -> None:
    """Nothing beside the content says which machines had begun it."""
    store = Store(tmp_path)
    for n, who in enumerate(("gone", "here")):
        begun(store, f"machine {n}", name(who))
        (entry,) = (tmp_path / name(who)[:2] / f"{name(who)}.by").iterdir()
        entry.unlink()
        entry.parent.rmdir()
    store.drop([name("gone")])
    assert left(store, name("gone"))
    drop_erased(db, store)
    assert left(store, name("gone")) == [] and len(left(store, name("here"))) == 2


def test_one_that_makes_room_leaves_no_name_with_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, first = Store(tmp_path), name("begun by two")
    monkeypatch.setattr(uploads, "MOST", 1)
    monkeypatch.setattr(uploads, "_STILL_S", -1)
    for machine in ("one", "two"):
        begun(store, machine, first)
    begun(store, "one", name("another"))
    assert left(store, first) == []
