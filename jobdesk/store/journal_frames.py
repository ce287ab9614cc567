"""Frames of a journal file (see ``journal`` for their layout): sealed, found and opened one by one."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = b"\xf7JDF"
_HEAD = struct.Struct(">4sQI16s")
TAG = 16
NO_TAG = bytes(TAG)
"""Stands for the tag before the first frame."""
LARGEST_FRAME = 64 * 1024 * 1024
"""One frame holds an attachment of 20 MB with ease; a longer declared length is damage."""
_FRAME_AIM = 8 * 1024 * 1024
"""An append with more than this is cut into several frames, so that memory stays small."""


@dataclass(frozen=True, slots=True)
class Frame:
    number: int
    previous: bytes
    content: list[bytes]
    end: int


def sealed(cipher: AESGCM, number: int, previous: bytes, content: list[bytes]) -> bytes:
    """A frame with its head; ``previous``: the tag of the one before."""
    inside = _packed(content)
    length = len(inside) + TAG
    if length > LARGEST_FRAME:
        raise ValueError("a frame is too large for the journal")
    head = _HEAD.pack(MARK, number, length, previous)
    return head + cipher.encrypt(number.to_bytes(12, "big"), inside, head)


def open_frame(data: bytes, offset: int, cipher: AESGCM) -> Frame | None:
    """The frame that begins there; None when it is cut off or fails its check."""
    if offset + _HEAD.size > len(data):
        return None
    head = data[offset : offset + _HEAD.size]
    mark, number, length, previous = _HEAD.unpack(head)
    end = offset + _HEAD.size + length
    if mark != MARK or length > LARGEST_FRAME or end > len(data):
        return None
    try:
        inside = cipher.decrypt(number.to_bytes(12, "big"), data[offset + _HEAD.size : end], head)
    except InvalidTag:
        return None
    return Frame(number, previous, _unpacked(inside), end)


def next_frame(data: bytes, start: int, cipher: AESGCM) -> int | None:
    """Offset of the next whole frame behind damage."""
    place = data.find(MARK, start)
    while place >= 0:
        if open_frame(data, place, cipher) is not None:
            return place
        place = data.find(MARK, place + 1)
    return None


def may_be_torn(data: bytes, offset: int) -> bool:
    """Does what lies there look like the beginning of a frame that was cut off?

    A file system that grew the file before the data arrived leaves zeros: torn as well.
    """
    rest = data[offset:]
    if not any(rest):
        return True
    if len(rest) < _HEAD.size:
        return MARK.startswith(rest[:4]) or rest.startswith(MARK)
    mark, _, length, _ = _HEAD.unpack(rest[: _HEAD.size])
    if mark != MARK:
        return False
    missing = _HEAD.size + length - len(rest)
    return missing > 0 or not any(rest[-min(512, length) :])


def batches(frames: list[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for frame in frames:
        if batch and size + len(frame) > _FRAME_AIM:
            yield batch
            batch, size = [], 0
        batch.append(frame)
        size += len(frame) + 4
    yield batch


def _packed(frames: list[bytes]) -> bytes:
    return b"".join(
        [len(frames).to_bytes(4, "big"), *(p for f in frames for p in (len(f).to_bytes(4, "big"), f))]
    )


def _unpacked(inside: bytes) -> list[bytes]:
    """The inverse of ``_packed``; what it gets was authenticated, so it is well formed."""
    found: list[bytes] = []
    at = 4
    for _ in range(int.from_bytes(inside[:4], "big")):
        size = int.from_bytes(inside[at : at + 4], "big")
        found.append(inside[at + 4 : at + 4 + size])
        at += 4 + size
    return found
