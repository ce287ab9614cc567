"""What stands in a carried file: the requests of an exchange one after another, and their answers.

They are the requests and answers of section 11, byte for byte; only nonce and signature of each are missing,
because the file has one signature over all of them. Content: length of the head (4 bytes), the head as JSON,
then the bodies in the order the head names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, TypeVar

from pydantic import Field, ValidationError

from jobdesk.cases.errors import BadInput
from jobdesk.protocol.limits import MAX_CARRIED_PARTS
from jobdesk.protocol.messages import Hello, Id, Key, Message, Seq

M = TypeVar("M", bound=Message)
Exchange = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class CarriedAsk(Message):
    """One request of a file. ``size``: bytes of its body in the file."""

    method: Annotated[str, Field(max_length=8)]
    path: Annotated[str, Field(max_length=200)]
    size: Annotated[int, Field(ge=0)]


class CarriedHead(Message):
    """Head of a file from a desk. The server does what it asks however often it comes (M-12.4)."""

    exchange: Exchange
    protocol: int
    device: Id
    number: Seq
    """Counts this desk's files: told back, so that the desk knows which of them was answered."""
    made_ms: int
    answer_key: Key
    """X25519 public key the answer is sealed to."""
    max_bytes: Annotated[int, Field(ge=1)]
    """How large an answer the desk takes; never above the server's own limit."""
    refill: bool = False
    """Everything was offered that the server might lack; told back."""
    asks: Annotated[list[CarriedAsk], Field(max_length=MAX_CARRIED_PARTS)]


class CarriedReply(Message):
    """One answer. A pull, a bootstrap and a fetched content have as many as they need, in order."""

    method: str
    path: str
    ask: str = ""
    """Head of the request that this answers, as JSON: for a push its ``PushHead``, for a further page the
    request as the desk would have put it."""
    status: int
    whole: int | None = None
    """With a fetched content: its size."""
    size: Annotated[int, Field(ge=0)]


class CarriedBack(Message):
    """Head of an answer. Everything it names was durable before the file was written."""

    exchange: Exchange
    device: Id
    number: Seq
    made_ms: int
    refill: bool = False
    hello: Hello
    more: bool = False
    """Not everything fitted: another file there and back brings the rest."""
    replies: list[CarriedReply]


def write_parts(head: Message, bodies: Iterable[bytes]) -> bytes:
    """Content of a file."""
    first = head.model_dump_json(exclude_none=True).encode()
    return b"".join((len(first).to_bytes(4, "big"), first, *bodies))


def read_head(content: bytes, kind: type[M]) -> tuple[M, bytes]:
    """The head, and everything behind it.

    Raises:
        BadInput: ``carried_damaged``.
    """
    length = int.from_bytes(content[:4], "big")
    try:
        return kind.model_validate_json(content[4 : 4 + length]), content[4 + length :]
    except ValidationError as bad:
        raise BadInput("carried_damaged", what=kind.__name__) from bad


def cut(rest: bytes, sizes: Sequence[int]) -> list[bytes]:
    """The bodies.

    Raises:
        BadInput: ``carried_damaged``: they are not what the head says.
    """
    if sum(sizes) != len(rest):
        raise BadInput("carried_damaged", what="sizes")
    found: list[bytes] = []
    at = 0
    for size in sizes:
        found.append(rest[at : at + size])
        at += size
    return found
