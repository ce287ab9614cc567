"""A body of a push or a page: one deflated text, its head on the first line, operations after it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from jobdesk.cases.codec import encode
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import Op
from jobdesk.protocol.frames import inflate
from jobdesk.protocol.limits import MAX_BATCH_BYTES, MAX_INFLATION

M = TypeVar("M", bound=BaseModel)
_LEVEL = 6
_PAGE_LIMIT = 8 * MAX_BATCH_BYTES
"""Far more than a page has (section 14): a server that writes larger ones is read all the same."""


def write_body(head: BaseModel, ops: Iterable[Op] = ()) -> bytes:
    """Head and operations as they travel."""
    return write_lines(head, (encode(op) for op in ops))


def write_lines(head: BaseModel, lines: Iterable[bytes]) -> bytes:
    """The same from operations that are encoded already: a server never takes them apart to send them on."""
    first = head.model_dump_json(exclude_none=True).encode()
    plain = b"\n".join([first, *lines])
    packed = zlib.compress(plain, _LEVEL)
    return packed if len(plain) <= _grows_to(packed) else _less(plain)


def _grows_to(data: bytes) -> int:
    """Bytes that a reader inflates of it at most."""
    return max(len(data), 64) * MAX_INFLATION


def _less(plain: bytes) -> bytes:
    """Of words that repeat themselves a thousand times: figure by figure, an eighth at the least."""
    machine = zlib.compressobj(_LEVEL, strategy=zlib.Z_HUFFMAN_ONLY)
    return machine.compress(plain) + machine.flush()


def read_body(data: bytes, kind: type[M], limit: int = MAX_BATCH_BYTES) -> tuple[M, list[bytes]]:
    """The head, and the lines of the operations, unread.

    Raises:
        BadInput: ``batch_unreadable``, ``batch_too_large``, ``message_unreadable``.
    """
    plain = inflate(data, min(limit, _grows_to(data)))
    first, *lines = plain.split(b"\n")
    try:
        return kind.model_validate_json(first), lines
    except ValidationError as error:
        raise BadInput("message_unreadable", kind=kind.__name__) from error


def read_page(data: bytes, kind: type[M]) -> tuple[M, list[bytes]]:
    """The same of a page that a server wrote.

    Raises:
        BadInput: as ``read_body``.
    """
    return read_body(data, kind, _PAGE_LIMIT)
