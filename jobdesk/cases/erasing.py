"""Which operations lose payload and salt when a person is erased (PIPL). The store does the blanking.

Headers stay, so that every chain still verifies. ``Erased`` itself holds a reason code and stays.
Late operations of an erased subject are blanked on arrival: ask again with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from jobdesk.cases.codec import upcast
from jobdesk.cases.ops import RULES, Json, Op, Shape, Subject

ABOUT_A_PERSON: Mapping[str, str] = {
    "member": "case", "held_row": "case", "walk_in": "case", "assigned": "case",
}  # fmt: skip
"""Record kinds of other subjects that hold facts of one person → the field that says whose."""

SPEAKING = ("household", "import", "walk_in", "assignment")
"""Kinds of the subjects that have such records."""


def erased_subjects(ops: Iterable[Op]) -> frozenset[Subject]:
    """Subjects that these operations erase: what the register of erased subjects grows by."""
    return frozenset(op.subject for op in ops if RULES[op.kind].shape is Shape.ERASE)


def to_blank(erased: Collection[Subject], ops: Iterable[Op]) -> list[str]:
    """Ids of the operations to blank, in the order given; those blank already are left out.

    Taken are all operations of the subjects (``Erased`` apart), and of other subjects all operations
    on a record that is about one of them and was ever said to be: a household member, a held import
    row, a line of 来访来电登记.

    Args:
        erased: subjects of ``Erased`` operations, or the register of them.
        ops: operations of any subjects; give all of those whose records may speak of the erased.
    """
    listed = list(ops)
    gone = set(erased)
    ids = {s.id for s in gone}
    bodies = {op.op_id: upcast(op) for op in listed}
    speaking: set[tuple[Subject, str, str]] = set()
    for op in listed:
        key = _record(op, bodies[op.op_id])
        if key is not None and _says(bodies[op.op_id]) in ids:
            speaking.add(key)
    return [
        op.op_id
        for op in listed
        if op.payload is not None
        and RULES[op.kind].shape is not Shape.ERASE
        and (op.subject in gone or _record(op, bodies[op.op_id]) in speaking)
    ]


def about(op: Op) -> str | None:
    """Whom an operation of another subject says its record is about: a household's member, a held row."""
    return _says(upcast(op))


def known_to(op: Op) -> frozenset[str]:
    """Of an operation on a record that is about a person: the operations on it that its author knew of. When
    one of them was blanked with that person, this one is to be blank as well, whatever it says.
    """
    body = upcast(op)
    key = _record(op, body)
    bases = body.get("bases") if body is not None and key is not None and key[1] in ABOUT_A_PERSON else None
    lists = bases.values() if isinstance(bases, dict) else ()
    return frozenset(i for known in lists if isinstance(known, list) for i in known if isinstance(i, str))


def record_of(op: Op) -> tuple[str, str] | None:
    """Kind and id of the record that an operation of another subject is on, where it is about a person."""
    key = _record(op, upcast(op))
    return key[1:] if key is not None and key[1] in ABOUT_A_PERSON else None


def after_blank_lines(ops: Iterable[Op]) -> list[str]:
    """Ids of operations that go on with a line that was blanked, or with one that does (``known_to``): whose
    it was nobody can read any more, but that it was somebody erased. In the order given.

    Args:
        ops: all operations of the subjects whose records may speak of the erased.
    """
    listed = list(ops)
    gone = [(op.subject, op.op_id) for op in listed if is_blank(op)]
    if not gone:
        return []
    bases = {op.op_id: (op.subject, known_to(op)) for op in listed}  # of two that bear one id, the later says
    after: dict[tuple[Subject, str], list[Op]] = {}
    for op in listed:
        subject, known = bases[op.op_id]
        for one in known:
            after.setdefault((subject, one), []).append(op)
    found: set[str] = set()
    while gone:  # each base once, whatever the order: a chain may stand backwards in the list
        for op in after.pop(gone.pop(), ()):
            found.add(op.op_id)
            gone.append((op.subject, op.op_id))
    return [op.op_id for op in listed if op.op_id in found]


def without_payload(op: Op) -> Op:
    """The operation as it stands after its subject was erased."""
    return replace(op, payload=None, salt=b"", body=b"")


def is_blank(op: Op) -> bool:
    """Whether an erasure took its payload. What is withheld has a salt that says so."""
    return op.payload is None and not op.salt


def attachments(ops: Iterable[Op], blanked: Collection[str]) -> frozenset[str]:
    """Digests of attachments that only the blanked operations name; their content goes too.

    Args:
        ops: all operations that can name an attachment, still with their payloads.
    """
    mine: set[str] = set()
    others: set[str] = set()
    for op in ops:
        body = upcast(op)
        if body is None or body.get("record") != "attachment":
            continue
        values = body.get("set")
        digest = values.get("digest") if isinstance(values, dict) else None
        if isinstance(digest, str):
            (mine if op.op_id in blanked else others).add(digest)
    return frozenset(mine - others)


def _says(body: Mapping[str, Json] | None) -> str | None:
    record = body.get("record") if body is not None else None
    values = body.get("set") if body is not None else None
    if not isinstance(record, str) or record not in ABOUT_A_PERSON or not isinstance(values, dict):
        return None
    case = values.get(ABOUT_A_PERSON[record])
    return case if isinstance(case, str) else None


def _record(op: Op, body: Mapping[str, Json] | None) -> tuple[Subject, str, str] | None:
    if body is None:
        return None
    kind, record_id = body.get("record"), body.get("id")
    return (op.subject, kind, record_id) if isinstance(kind, str) and isinstance(record_id, str) else None
