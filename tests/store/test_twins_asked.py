"""Which doubles wait as a request or an answer: as the plain definition says, and one look at each word."""

from __future__ import annotations

import json
import sqlite3
import sys
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.store import sync_moves, twins_asked
from jobdesk.store.log import Connection

_TABLES = """
CREATE TABLE notice(id TEXT PRIMARY KEY, kind TEXT, subjects TEXT, sender TEXT, answers TEXT,
    seen_ms INTEGER, more TEXT);
CREATE TABLE move_ask(id TEXT PRIMARY KEY, step TEXT, actor TEXT, body TEXT, at_ms INTEGER, epoch TEXT,
    error TEXT, done_ms INTEGER);
CREATE TABLE sync_fact(key TEXT PRIMARY KEY, value TEXT);
INSERT INTO sync_fact VALUES ('station', 'a');
"""
FILES = ("p", "q", "r", "s")
ASKED = ("1", "2", "3")
files = st.sampled_from(FILES)
asked = st.sampled_from(ASKED)
pairs = st.lists(st.tuples(files, files) | st.tuples(files), max_size=5)
words = st.lists(
    st.fixed_dictionaries({
        "id": st.builds(str.__add__, st.sampled_from(["", "own-"]), asked) | st.sampled_from(["w1", "w2", "w3"]),
        "kind": st.sampled_from(["transfer_request", *twins_asked.ENDS, "transfer_apart"]),
        "subjects": st.lists(files, max_size=2), "sender": st.sampled_from([None, "a", "b"]),
        "answers": st.none() | asked, "seen_ms": st.sampled_from([0, 5]),
        "more": st.fixed_dictionaries({}, optional={"into": files, "target": st.sampled_from("ab")}),
    }),
    max_size=6, unique_by=lambda w: str(w["id"]),
)  # fmt: skip
asks = st.lists(
    st.tuples(asked, st.sampled_from(["request", "refuse"]), st.lists(files, max_size=2), st.sampled_from([0, 7])),
    max_size=3, unique_by=lambda a: a[0],
)  # fmt: skip


def put(pairs: list[Any], words: list[Any], asks: list[Any]) -> Connection:
    con = sqlite3.connect(":memory:")
    con.executescript(_TABLES)
    con.executemany("INSERT INTO notice VALUES (?, 'duplicate', ?, 'b', NULL, 0, '')",
                    [(f"d{n}", json.dumps(pair)) for n, pair in enumerate(pairs)])  # fmt: skip
    con.executemany(
        "INSERT INTO notice VALUES (:id, :kind, :subjects, :sender, :answers, :seen_ms, :more)",
        [{**w, "subjects": json.dumps(w["subjects"]), "more": json.dumps(w["more"])} for w in words],
    )
    for i, step, subjects, done_ms in asks:
        body = {"subject": subjects[0], "more": subjects[1:]} if subjects else {}
        con.execute("INSERT INTO move_ask VALUES (?, ?, 'x', ?, 1, 'e', '', ?)",
                    (i, step, json.dumps(body), done_ms))  # fmt: skip
    return cast("Connection", con)


def is_over(_: object, takes: bool, subjects: frozenset[str]) -> bool:
    """Made up: what only the other tables know."""
    return takes == ("p" in subjects)


def plainly(con: Connection) -> set[str]:
    """The definition: each double against each request and each word."""
    told = con.execute("SELECT id, kind, subjects, sender, answers, seen_ms, more FROM notice").fetchall()
    said = [(i, k, set(json.loads(s)), by, a, seen, json.loads(m)) for i, k, s, by, a, seen, m in told if m]
    requests = [a for a in sync_moves.asks(con) if a.step == "request"]
    known = ("transfer_request", *twins_asked.ENDS)
    said = [w for w in said if w[1] in known]
    over = {a.id for a in requests} | {a for _, k, _, _, a, _, _ in said if k in twins_asked.ENDS}
    found: set[str] = set()
    for double, kind, subjects, *_ in told:
        pair = json.loads(subjects)
        if kind != "duplicate" or len(pair) != 2:
            continue
        own, far = pair
        ours = {a.id for a in requests if far in a.subjects}
        theirs = {
            i.removeprefix("own-") for i, k, s, _, _, _, m in said
            if k == "transfer_request" and s & {own, far} and m.get("into") in (own, far)
        }  # fmt: skip
        about = ours | theirs
        if (
            any(a.id in ours and not a.done_ms for a in requests)
            or any(not seen and (i in about or a in about) for i, _, _, _, a, seen, _ in said)
            or any(
                k == "transfer_request" and by == "a" and i.removeprefix("own-") in about - over
                and not is_over(con, m.get("target") == "a", frozenset(s))
                for i, k, s, by, _, _, m in said
            )
        ):  # fmt: skip
            found.add(double)
    return found


@given(pairs, words, asks)
def test_as_the_plain_definition_says(pairs: list[Any], words: list[Any], asks: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(twins_asked, "is_over", is_over)
        con = put(pairs, words, asks)
        assert twins_asked.asked_twins(con) == plainly(con)


def calls(many: int) -> int:
    """Calls of functions for so many doubles and so many words about others, or all about one."""
    doubles = [(f"o{n}", f"f{n}") for n in range(many)]
    more = {"into": "o0", "target": "a"}
    said = [{"id": f"own-q{n}", "kind": "transfer_request", "subjects": [f"g{n}", "f0"], "sender": "a",
             "answers": None, "seen_ms": 5, "more": more} for n in range(many)]  # fmt: skip
    con = put(doubles, said, [(f"q{n}", "request", [f"g{n}", "f0"], 7) for n in range(many)])
    made = 0

    def count(*_: object) -> None:
        nonlocal made
        made += 1

    sys.setprofile(count)
    twins_asked.asked_twins(con)
    sys.setprofile(None)
    return made


def test_its_work_grows_with_doubles_and_words_and_not_with_both_at_once() -> None:
    """A thousand of each took 0.7 s of every count of the pill."""
    assert calls(400) < 2.5 * calls(200)
