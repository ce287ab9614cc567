"""Words that were told before, counts and words of the erased: what is asked of the tables, and how often."""

from __future__ import annotations

import pytest

from jobdesk.protocol.codes import Why
from jobdesk.services.moving import reading
from jobdesk.store import sync_told, told_of_erased
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_told import Notice
from tests.sync.ground import PC
from tests.sync.test_transfers import ab

__all__ = ["ab"]
FACTS = [{"subject": "c1", "name": "王**"}]


def _over(number: int, seen_ms: int = 0) -> Notice:
    return Notice(f"over-{number}", "transfer_over", (f"c{number}",), "", 1, seen_ms,
                  answers=f"n{number}", more={"why": Why.ERASED})  # fmt: skip


def test_a_word_that_is_known_reads_no_other(ab: tuple[PC, PC]) -> None:
    """A server tells it for a year with every pull: each time it read all that was ever told."""
    pc, _ = ab

    def job(w: Writing) -> list[str]:
        for n in range(5):
            sync_told.put_notice(w.con, Notice(f"n{n}", "duplicate", (f"c{n}", f"d{n}"), "", 1, 1))
            sync_told.put_notice(w.con, _over(n, seen_ms=1))
        asked: list[str] = []
        w.con.set_trace_callback(asked.append)
        assert told_of_erased.weighed(w.con, _over(1), 5) == _over(1)
        w.con.set_trace_callback(None)
        return asked

    (asked,) = pc.station.file.write(job).result()
    assert "'over-1'" in asked and "subjects" not in asked


def test_a_new_word_reads_what_it_is_about(ab: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch) -> None:
    pc, _ = ab
    read: list[str] = []

    def job(w: Writing) -> Notice:
        for n in range(5):
            sync_told.put_notice(w.con, Notice(f"n{n}", "duplicate", (f"c{n}", f"d{n}"), "", 1, 0))
        made = Notice.__init__

        def counted(self: Notice, *args: object, **more: object) -> None:
            read.append(str(args[0]))
            made(self, *args, **more)  # pyright: ignore

        word = _over(1)
        monkeypatch.setattr(Notice, "__init__", counted)
        return told_of_erased.weighed(w.con, word, 5)

    assert pc.station.file.write(job).result().seen_ms == 0
    assert read == ["n1"]


def test_the_pill_counts_what_is_apart_once(ab: tuple[PC, PC]) -> None:
    pc, _ = ab

    def job(w: Writing) -> tuple[list[str], sync_told.Counts]:
        for action in ("one", "two", "three"):
            sync_told.put_apart(w.con, action, "r", "out_of_scope", 1)
        sync_told.mark_seen(w.con, "two", 7)
        asked: list[str] = []
        w.con.set_trace_callback(asked.append)
        told = sync_told.counts(w.con)
        w.con.set_trace_callback(None)
        return [a for a in asked if "FROM verdict" in a], told

    asked, told = pc.station.file.write(job).result()
    assert len(asked) == 1 and (told.stands_apart, told.apart) == (3, 2)


def test_what_only_looks_like_the_word_of_an_erasure_goes(ab: tuple[PC, PC]) -> None:
    """The word is known by its own ``why``, not by letters somewhere in what was told."""
    pc, _ = ab

    def job(w: Writing) -> dict[str, Notice]:
        odd = {"facts": FACTS, "moved": [{"why": "erased"}]}
        for notice in (
            Notice("n1", "duplicate", ("c1", "d1"), "", 1, 0, more=odd),
            Notice("n2", "duplicate", ("c1", "d2"), "家住乙站", 1, 0),
            _over(1),
        ):
            sync_told.put_notice(w.con, notice)
        sync_told.forget(w.con, ["c1"], 9)
        return {n.id: n for n in sync_told.notices(w.con)}

    kept = pc.station.file.write(job).result()
    assert not kept["n1"].more and kept["n1"].seen_ms == 9
    assert not kept["n2"].text and kept["n2"].seen_ms == 9
    assert kept["over-1"] == _over(1)


def test_who_was_asked_for_is_read_once_for_a_household(ab: tuple[PC, PC]) -> None:
    """Of sixty members everything that was said and told was read sixty times."""
    here, _ = ab

    def job(w: Writing) -> tuple[list[str], dict[str, reading.OpenMove]]:
        for n in range(3):
            for sender, told in (("a", f"own-q{n}"), ("b", f"r{n}")):
                more = {"target": "b"}
                sync_told.put_notice(
                    w.con, Notice(told, "transfer_request", (f"{sender}{n}",), "", 1, 0, sender, more=more)
                )
        asked: list[str] = []
        w.con.set_trace_callback(asked.append)
        found = reading.open_moves(w.con, [f"{sender}{n}" for n in range(3) for sender in "abc"])
        w.con.set_trace_callback(None)
        return asked, found

    asked, found = here.station.file.write(job).result()
    assert {s: m.ours for s, m in found.items()} == {
        "a0": True, "b0": False, "a1": True, "b1": False, "a2": True, "b2": False
    }  # fmt: skip
    assert len([a for a in asked if "move_ask" in a]) == 1
    assert len([a for a in asked if "FROM notice" in a]) == 2
