"""What two stations say to each other through the server (M-6.6)."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from jobdesk.cases.ops import Subject, opened
from jobdesk.protocol.messages import Notice, Refusal, TransferAsk
from tools.conformance.desk import Desk, Ground, fresh

_LONGEST = 64
"""An id has no more characters (the contract says so)."""


def talk(desk: Desk, **said: object) -> httpx.Response:
    """A word, with an id of its own where none is said."""
    return desk.ask("POST", "/v1/transfer", word(**said))


def word(**said: object) -> bytes:
    ask = TransferAsk.model_validate({"id": fresh()} | said)
    return ask.model_dump_json(exclude_none=True).encode()


def refused(answer: httpx.Response) -> tuple[str, str]:
    told = Refusal.model_validate_json(answer.content)
    return told.error.value, told.detail


def case(desk: Desk, **values: str) -> str:
    """A file that the server knows."""
    subject = fresh()
    desk.act(opened(Subject("case", subject), "case", subject, values))
    desk.push()
    return subject


def notices(desk: Desk) -> list[Notice]:
    return desk.pull()[0].notices


def m_6_6_requests(g: Ground) -> None:
    subject, notice = case(g.one), fresh()
    first, again = (
        talk(g.other, id=notice, step="request", subject=subject, to=g.other.stream) for _ in range(2)
    )
    assert first.status_code == 200 and Notice.model_validate_json(
        first.content
    ) == Notice.model_validate_json(again.content)
    assert notice in {n.id for n in notices(g.one)}
    (copy,) = (n for n in notices(g.other) if n.id == f"own-{notice}")
    assert copy.sender == g.other.stream and copy.subjects == [subject]
    assert refused(talk(g.one, step="withdraw", answers=notice))[0] == "out_of_scope"
    assert refused(talk(g.other, step="refuse", answers=notice, text="仍在本站"))[0] == "out_of_scope"
    reply = fresh()
    assert talk(g.one, id=reply, step="refuse", answers=notice, text="仍在本站").status_code == 200
    for desk, name in ((g.other, reply), (g.one, f"own-{reply}")):
        (told,) = (n for n in notices(desk) if n.id == name)
        assert (told.kind, told.answers, told.text) == ("transfer_refuse", notice, "仍在本站")
    assert refused(talk(g.one, step="accept", answers=notice))[0] == "out_of_scope"


def m_6_6_a_word_names_the_servers_life(g: Ground) -> None:
    """Whoever said a word to a server that was restored since says it again: so it has to know to which."""
    subject, notice, epoch = case(g.one), fresh(), g.one.hello().epoch
    asked: dict[str, object] = {"id": notice, "step": "request", "subject": subject, "to": g.other.stream}
    for desk, said in (
        (g.other, asked),
        (g.other, asked),
        (g.one, {"step": "refuse", "answers": notice}),
    ):
        answer = talk(desk, **said)
        assert answer.status_code == 200, answer.text
        assert epoch and Notice.model_validate_json(answer.content).epoch == epoch


def m_6_6_a_request_is_withdrawn(g: Ground) -> None:
    subject, notice, back = case(g.one), fresh(), fresh()
    assert talk(g.other, id=notice, step="request", subject=subject, to=g.other.stream).status_code == 200
    answer = talk(g.other, id=back, step="withdraw", answers=notice)
    assert answer.status_code == 200, answer.text
    for desk, name in ((g.one, back), (g.other, f"own-{back}")):
        told = {n.id: n.kind for n in notices(desk)}
        assert told[name] == "transfer_withdraw"
        assert not {notice, f"own-{notice}"} & told.keys()  # asked no more
    assert refused(talk(g.one, step="accept", answers=notice))[0] == "out_of_scope"


def m_6_6_ids_of_words(g: Ground) -> None:
    """Those of the server's own are nobody's to give; a copy of the longest is as long as an id may be, and of
    that word alone.
    """
    first, second = case(g.one), case(g.one)
    for begins in ("own-", "over-", "released-"):
        said = talk(g.other, id=begins + fresh(), step="request", subject=first, to=g.other.stream)
        assert refused(said) == ("body", "id"), begins
    alike = (fresh() * 3)[: _LONGEST - 1]
    for end, subject in (("1", first), ("2", second)):
        answer = talk(g.other, id=alike + end, step="request", subject=subject, to=g.other.stream)
        assert answer.status_code == 200, answer.text
    assert {alike + "1", alike + "2"} <= {n.id for n in notices(g.one)}
    copies = {n.id: n.subjects for n in notices(g.other) if n.subjects in ([first], [second])}
    assert sorted(copies.values()) == sorted([[first], [second]])
    assert all(name.startswith("own-") and len(name) <= _LONGEST for name in copies)


WORDS: tuple[Callable[[Ground], None], ...] = (
    m_6_6_requests, m_6_6_a_word_names_the_servers_life, m_6_6_a_request_is_withdrawn, m_6_6_ids_of_words,
)  # fmt: skip
