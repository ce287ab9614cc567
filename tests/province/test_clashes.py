"""What PostgreSQL ended so that somebody else could go on is begun anew, whoever's work it was."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from jobdesk.cases.ops import Subject, fields_set
from province import apart, clashing, quarantine
from province.db.engine import Database
from tests.province.at_once import meanwhile
from tests.province.conftest import on_postgres
from tests.province.ground import NOW, DeskHere
from tests.province.test_strays import enrolled, kept
from tests.province.test_view import looking
from tools.postgres import Postgres

SECRET = b"s" * 32


class Ended(Exception):
    sqlstate = "40P01"


def test_a_push_meets_the_same_words_asked_again(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """The push has the stream and wants the rows that wait; who asks them again had the rows and wanted the
    stream: 列入 was answered ``busy``, what was asked by itself rested ten seconds.
    """
    db = on_postgres(postgres)
    a, b, other = (
        enrolled(db, DeskHere(db, org, name)) for org, name in (("a", "r1"), ("b", "r2"), ("a", "r4"))
    )
    b.act("q")
    b.push()
    (word,) = a.act("q")
    other.witness(a, [word])  # apart: q is not theirs
    b.act(new=[fields_set(Subject("case", "q"), "case", "q", {"station": "a"}, {})])
    b.push()  # now it is
    there, go, listed = Event(), Event(), apart.no_longer

    def slow(*args: object) -> None:
        there.set()
        assert go.wait(20)
        listed(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(apart, "no_longer", slow)
    with ThreadPoolExecutor(1) as pool:
        push = pool.submit(clashing.begun_anew, a.push)  # which of the two is ended is PostgreSQL's choice
        assert there.wait(20)
        asked = meanwhile(db, lambda: quarantine.release(db, word.action_id, SECRET, NOW))
        go.set()
        push.result(30)
    with suppress(LookupError):  # the push listed it first
        asked.result(30)
    assert kept(db) == []
    a.pull()
    assert [op.op_id for op in a.ops][-1] in str(a.pulled["a"])
    db.engine.dispose()


def test_a_county_discards_what_a_push_wanted_at_that_moment(
    db: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = enrolled(db, DeskHere(db))
    (word,) = desk.act("p")
    desk.push(revoked=True)
    times, discard = [0], quarantine.discard

    def once_ended(*args: object) -> int:
        times[0] += 1
        if times[0] == 1:
            raise OperationalError("UPDATE", {}, Ended())
        return discard(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(quarantine, "discard", once_ended)
    ask = looking(db, "220102", caplog)
    told = ask("POST", f"/view/kept/{word.action_id}", b'{"do":"discard"}', "application/json")
    assert (told.status_code, times) == (200, [2])


def test_it_ends_and_a_database_that_is_away_is_not_asked_again() -> None:
    for fault, most in ((Ended(), 6), (Exception("away"), 1)):
        times = [0]

        def work(fault: Exception = fault, times: list[int] = times) -> None:
            times[0] += 1
            raise OperationalError("UPDATE", {}, fault)

        with pytest.raises(OperationalError):
            clashing.begun_anew(work)
        assert times == [most]
