"""Operations as lines on the wire, inflated with a bound, cut into batches of whole actions.

A line is ``codec.encode(op)``: canonical JSON escapes newlines, so they stand only between lines. Deflate
is the standard library's: a desk needs nothing more for it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import Op
from jobdesk.protocol.limits import MAX_OP_BYTES


def read(line: bytes) -> Op:
    """One operation.

    Raises:
        BadInput: ``operation_too_large``; see ``codec.decode``.
    """
    if len(line) > MAX_OP_BYTES:
        raise BadInput("operation_too_large", limit=MAX_OP_BYTES)
    return decode(line)


def inflate(data: bytes, limit: int) -> bytes:
    """Inflated bytes, never more than ``limit`` of them in memory.

    Raises:
        BadInput: ``batch_too_large``, ``batch_unreadable``.
    """
    machine = zlib.decompressobj()
    try:
        plain = machine.decompress(data, limit + 1)
    except zlib.error as error:
        raise BadInput("batch_unreadable") from error
    if len(plain) > limit:
        raise BadInput("batch_too_large", limit=limit)
    if not machine.eof or machine.unused_data:
        raise BadInput("batch_unreadable")
    return plain


def whole_actions(ops: Iterable[Op], limit: int) -> Iterator[list[Op]]:
    """Batches of whole actions whose encoded size stays below ``limit`` where an action allows it.

    Operations of one action follow each other in a replica's chain; an action is never split.
    """
    batch: list[Op] = []
    action: list[Op] = []
    size = action_size = 0
    for op in ops:
        if action and op.action_id != action[0].action_id:
            if batch and size + action_size > limit:
                yield batch
                batch, size = [], 0
            batch += action
            size += action_size
            action, action_size = [], 0
        action.append(op)
        action_size += len(encode(op)) + 1
    if batch and size + action_size > limit:
        yield batch
        batch = []
    batch += action
    if batch:
        yield batch
