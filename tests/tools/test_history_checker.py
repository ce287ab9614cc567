"""The checker of histories finds what is broken, each kind by itself, and says nothing of a sound one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.messages import Place, Refusal
from tools.history.checking import Pull, Push, faults, unexplained
from tools.history.clients import Client

SOUND: list[Push | Pull] = [
    Push("a", 0, 1, "s", ("o1", "o2"), ("o1", "o2")),
    Push("b", 0.5, 2, "s", ("o3",), ("o3",)),
    Pull("a", 1.5, 1.7, "s", 0, 2, 2, ("o1", "o2")),
    Push("a", 3, None, "s", ("o4",)),
    Pull("b", 3.1, 3.2, "s", 0, 4, 4, ("o1", "o2", "o3", "o4")),
    Push("a", 4, 5, "s", ("o4",), ("o4",)),
    Pull("c", 6, 7, "s", 2, 3, 4, ("o3",)),
    Pull("c", 7, 8, "s", 3, 4, 4, ("o4",)),
]


def test_a_sound_history() -> None:
    assert faults(SOUND) == []


def test_the_order_of_the_record_means_nothing() -> None:
    assert faults(list(reversed(SOUND))) == []


def test_what_had_no_answer_may_be_listed_or_not() -> None:
    calls: list[Push | Pull] = [Push("a", 0, None, "s", ("o1",)), Pull("b", 1, 2, "s", 0, 0, 0, ())]
    assert faults(calls) == []
    assert faults([*calls, Pull("b", 3, 4, "s", 0, 1, 1, ("o1",))]) == []


def test_one_operation_in_two_streams() -> None:
    """A move: sent in its own, listed in both, with what the subject had before."""
    calls: list[Push | Pull] = [
        Push("a", 0, 1, "s", ("o1",), ("o1",)),
        Push("b", 2, 3, "t", ("x",), ("x",)),
        Push("a", 4, 5, "s", ("m",), ("m",)),
        Push("a", 4, 5, "t", ("m",), ("m",)),
        Pull("a", 6, 7, "s", 0, 2, 2, ("o1", "m")),
        Pull("b", 6, 7, "t", 0, 3, 3, ("x", "m", "o1")),
    ]
    assert faults(calls) == []


def broken(name: str) -> list[Push | Pull]:
    calls = list(SOUND)
    whole = calls[4]
    assert isinstance(whole, Pull)
    match name:
        case "gap":
            calls[4] = replace(whole, ops=("o1", "o2", "o4"))
        case "two at one place":
            calls[6] = Pull("c", 6, 7, "s", 2, 3, 4, ("o4",))
            calls[7] = Pull("c", 7, 8, "s", 3, 4, 4, ("o3",))
        case "twice":
            calls.append(Pull("d", 9, 10, "s", 4, 5, 5, ("o1",)))
        case "nobody":
            calls.append(Pull("d", 9, 10, "s", 4, 5, 5, ("ghost",)))
        case "before it was sent":
            calls.append(Push("d", 20, 21, "s", ("o5",), ("o5",)))
            calls.append(Pull("d", 9, 10, "s", 4, 5, 5, ("o5",)))
        case "back":
            calls.append(Pull("d", 9, 10, "s", 0, 2, 2, ("o1", "o2")))
        case "not visible":
            calls.append(Pull("d", 5.5, 5.6, "s", 0, 3, 3, ("o1", "o2", "o3")))
        case "order":
            calls += [Push("d", 9, 10, "s", ("o5",), ("o5",)), Push("e", 11, 12, "s", ("o6",), ("o6",)),
                      Pull("d", 13, 14, "s", 4, 6, 6, ("o6", "o5"))]  # fmt: skip
        case "lost":
            calls.append(Push("d", 9, 10, "s", ("o5",), ("o5",)))
        case _:
            calls.append(Pull("d", 9, 10, "s", 0, 4, 3, ("o1", "o2", "o3", "o4")))
    return calls


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gap", "a gap"),
        ("two at one place", "place 3 held o3 and o4"),
        ("twice", "o1 stood at 1 and at 5"),
        ("nobody", "nobody sent it"),
        ("before it was sent", "read before it was sent"),
        ("back", "an end at 2 after somebody had been told 4"),
        ("not visible", "did not see o4 (place 4)"),
        ("order", "o5 was acknowledged before o6 was sent and stands behind it"),
        ("lost", "o5 was acknowledged and is in no page"),
        ("beyond", "of a stream that ended at 3"),
    ],
)
def test_what_is_broken_is_found(name: str, told: str) -> None:
    assert any(told in fault for fault in faults(broken(name))), faults(broken(name))


def test_the_naive_cursor_in_small() -> None:
    """Place 2 is committed before place 1: a reader in between has passed over it for ever."""
    calls: list[Push | Pull] = [
        Push("a", 0, 5, "s", ("o1",), ("o1",)),
        Push("b", 0, 1, "s", ("o2",), ("o2",)),
        Pull("c", 2, 3, "s", 0, 2, 2, ("o2",)),
        Pull("c", 6, 7, "s", 2, 2, 2, ()),
    ]
    assert any("a gap" in fault for fault in faults(calls))


def _refusing(code: ErrorCode) -> Client:
    """A client of a server that has one answer for everything."""
    body = Refusal(error=code, acked=Place()).model_dump_json(exclude_none=True).encode()
    no = SimpleNamespace(status_code=409, content=body)
    op = SimpleNamespace(op_id="o1", action_id="x", replica_seq=1)
    desk: Any = SimpleNamespace(
        stream="s", ops=[op], acked=Place(), ask=lambda *_: no, send=lambda _lines: no
    )  # pyright: ignore[reportUnknownLambdaType]
    return Client("a", desk, Random(1), [])


def test_a_sound_cursor_that_is_refused_is_a_fault() -> None:
    """A server that told every cursor `diverged` passed: it was printed and nobody asked why."""
    client = _refusing(ErrorCode.DIVERGED)
    client.cursor = Place(seq=3, hash="aa" * 32)
    assert client.pull(client.cursor, 1000) == (Place(), True)
    assert faults(client.history) == []
    assert unexplained(client.refused) == ["refused 1 times: pull diverged"]


def test_refusals_are_told_by_their_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.history.clients.encode", lambda _op: b"")  # pyright: ignore[reportUnknownLambdaType]
    for code in ErrorCode:
        client = _refusing(code)
        client.push()
        client.pull(Place(), 1000)
        assert client.refused == Counter({f"push {code.value}": 1, f"pull {code.value}": 1})
        assert len(unexplained(client.refused)) == (0 if code is ErrorCode.BUSY else 2)
