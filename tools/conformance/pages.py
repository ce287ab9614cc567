"""What a stream is read by: pages of a pull and of a bootstrap (M-5.1 to M-5.4, M-9.1 to M-9.3)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from itertools import pairwise

from jobdesk.cases.codec import decode, op_hash
from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened
from jobdesk.protocol.bodies import read_body
from jobdesk.protocol.chains import EMPTY, StreamPoint, add, element, walk
from jobdesk.protocol.limits import MAX_PAGE_BYTES
from jobdesk.protocol.messages import BootstrapAsk, BootstrapHead, Cursor, Place, Refusal
from tools.conformance.desk import Desk, Ground, error, fresh


def m_5_1_to_5_4_pages(g: Ground) -> None:
    for _ in range(3):
        subject = fresh()
        g.one.act(*(opened(Subject("case", subject), "service", fresh(), {"content": "x"}) for _ in range(3)))
    g.one.push()
    lines, end, digest = g.one.everything(max_bytes=1)
    ops = [decode(x) for x in lines]
    assert end == Place(seq=len(ops), hash=walk(StreamPoint(), ops).hash.hex())
    assert digest == add(EMPTY, (element(n, op_hash(o)) for n, o in enumerate(ops, 1))).hex()
    assert {o.op_id for o in g.one.ops[-9:]} <= {o.op_id for o in ops}
    wrong = Cursor(stream=g.one.stream, at=Place(seq=1, hash="f" * 64))
    refused = g.one.ask("POST", "/v1/pull", f'{{"cursors":[{wrong.model_dump_json()}]}}'.encode())
    assert error(refused) == "diverged"
    assert Refusal.model_validate_json(refused.content).stream == g.one.stream


def m_5_2_pages_end_with_actions(g: Ground) -> None:
    """But inside one that no page holds, and there as late as they can."""
    for _ in range(3):
        g.one.act(*_services(3))
    g.one.push()
    _ends_well(g.one, 1)
    _ends_well(g.one, 700)
    text = "".join(chr(0x4E00 + secrets.randbelow(0x5000)) for _ in range(80_000))
    large = {op.op_id for op in g.other.act(*_services(10, text))}
    g.other.act(*_services(2))
    g.other.push()
    parts = [found for _, found in g.other.pages() if large & {decode(x).op_id for x in found}]
    assert len(parts) == 2
    _ends_well(g.other, 1)


def _services(count: int, text: str = "x") -> list[NewOp]:
    subject = Subject("case", fresh())
    return [opened(subject, "service", fresh(), {"content": text}) for _ in range(count)]


def _ends_well(desk: Desk, max_bytes: int) -> None:
    pages = [found for _, found in desk.pages(max_bytes)]
    sizes: dict[str, int] = {}
    for line in (line for found in pages for line in found):
        sizes[decode(line).action_id] = sizes.get(decode(line).action_id, 0) + len(line) + 1
    for found, following in pairwise(pages):
        action = decode(found[-1]).action_id
        if action == decode(following[0]).action_id:
            assert sizes[action] > MAX_PAGE_BYTES, "a page ends inside an action that has room in one"
            assert sum(len(line) + 1 for line in (*found, following[0])) > MAX_PAGE_BYTES


def m_9_1_to_9_3_bootstrap(g: Ground) -> None:
    seen: dict[int, bytes] = {}
    ask = BootstrapAsk(stream=g.one.stream, max_bytes=2000)
    while True:
        answer = g.one.ask("POST", "/v1/bootstrap", ask.model_dump_json().encode())
        head, lines = read_body(answer.content, BootstrapHead)
        assert not seen.keys() & set(head.seqs)
        seen.update(zip(head.seqs, lines, strict=True))
        g.two.note(fresh())
        g.two.push()
        if head.complete:
            break
        ask = BootstrapAsk(stream=g.one.stream, at=head.at, after=head.mark, max_bytes=2000)
    assert sorted(seen) == list(range(1, head.at.seq + 1))
    assert head.digest == add(EMPTY, (element(s, op_hash(decode(x))) for s, x in seen.items())).hex()


def m_9_1_open_files_first(g: Ground) -> None:
    files = {name: Subject("case", fresh()) for name in ("ended", "resumed", "open")}
    for root in files.values():
        g.one.act(opened(root, "case", root.id, {"name": "合成"}))
    for name, kind in (
        ("ended", Kind.HELP_ENDED),
        ("resumed", Kind.HELP_ENDED),
        ("resumed", Kind.HELP_RESUMED),
    ):
        root, state = files[name], "ended" if kind is Kind.HELP_ENDED else "helping"
        g.one.act(fields_set(root, "case", root.id, {"help_state": state}, {}, kind=kind))
    g.one.push()
    order: list[str] = []
    ask = BootstrapAsk(stream=g.one.stream, max_bytes=2000)
    while True:
        answer = g.one.ask("POST", "/v1/bootstrap", ask.model_dump_json().encode())
        head, lines = read_body(answer.content, BootstrapHead)
        order += [decode(line).subject.id for line in lines]
        if head.complete:
            break
        ask = ask.model_copy(update={"at": head.at, "after": head.mark})
    first, *late = (order.index(files[name].id) for name in ("ended", "resumed", "open"))
    assert first > max(late)


def m_9_3_only_these_subjects(g: Ground) -> None:
    wanted = fresh()
    for subject in (wanted, fresh()):
        g.one.note(subject)
    g.one.push()
    ask = BootstrapAsk(stream=g.one.stream, subjects=[wanted])
    answer = g.one.ask("POST", "/v1/bootstrap", ask.model_dump_json().encode())
    head, lines = read_body(answer.content, BootstrapHead)
    assert head.complete and [decode(x).subject.id for x in lines] == [wanted] and len(head.seqs) == 1


PAGES: tuple[Callable[[Ground], None], ...] = (
    m_5_1_to_5_4_pages, m_5_2_pages_end_with_actions, m_9_1_to_9_3_bootstrap, m_9_1_open_files_first,
    m_9_3_only_these_subjects,
)  # fmt: skip
