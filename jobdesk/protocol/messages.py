"""The messages, as values with their JSON form. Unknown keys are passed over: newer sides may say more."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from jobdesk.protocol.codes import ErrorCode, Reason, Verdict

Id = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
"""Ids of devices, replicas, subjects, actions, operations, streams."""
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Key = Hash
"""32 bytes as hex: an Ed25519 public key."""
Seq = Annotated[int, Field(ge=0, lt=2**53)]


class Message(BaseModel):
    """Frozen; keys this version does not know are dropped."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Limits(Message):
    """What this server takes; never above ``protocol.limits``."""

    body_bytes: int
    batch_bytes: int
    operation_bytes: int
    streams: int


class Hello(Message):
    """GET /v1/hello. Unsigned: what a device needs before it can sign."""

    server: str
    versions: list[int]
    epoch: Id
    now_ms: int
    nonce: str
    limits: Limits
    guards: Annotated[int, Field(ge=1, le=2)]
    """Guards of scope in force: 2 with row-level security, 1 on the embedded database."""


class Place(Message):
    """A place in a replica's chain or in a stream."""

    seq: Seq = 0
    hash: Hash = "0" * 64


class EnrolAsk(Message):
    """POST /v1/enrol, signed with the key it brings."""

    code: Annotated[str, Field(min_length=1, max_length=64)]
    device_key: Key
    program: Annotated[str, Field(max_length=64)]
    station_subject: Id
    """Id of the station's own subject in the file on this PC."""


class StreamInfo(Message):
    """A stream in scope."""

    stream: Id
    name: str
    region: str
    station_subject: Id | None = None
    """The station's own subject, as the first device of the station brought it."""


class Enrolled(Message):
    """Answer to an enrolment, and to a renewal."""

    device: Id
    station: StreamInfo
    role: Literal["desk", "carrier", "county", "province"]
    epoch: Id
    valid_until_ms: int
    exchange_key: Key
    """X25519 public key of the province, to which exchange files are sealed."""
    signing_key: Key
    """Ed25519 public key of the province, by which its exchange files are known."""


class PushHead(Message):
    """First line of a push; the operations follow, one a line, in the order of the replica's chain."""

    replica: Id
    epoch: Id | None = None
    acked: Place = Place()
    """The last operation of this replica that the desk believes acknowledged, with its chain hash."""
    last_seq: Seq = 0
    """The last one it has, sent or not."""
    now_ms: int
    count: Annotated[int, Field(ge=0, le=100_000)]
    witness: bool = False
    """Operations of a replica that is not the sender's own, as it came to know them: there may be holes in
    the chain (what was quarantined, what went to another station). ``acked`` grows without holes only."""
    heard: Seq = 0
    """``heard`` of the last answer to a push that this device saw; 0 where none, and in a carried file."""


class ActionVerdict(Message):
    """What became of one action."""

    action: Id
    verdict: Verdict
    reason: Reason | None = None


class PushAnswer(Message):
    """Everything it names is durable before it is sent."""

    epoch: Id
    acked: Place
    safe: Seq
    """Sequence up to which this replica's operations are in the oldest restorable backup."""
    verdicts: list[ActionVerdict]
    now_ms: int
    skew_ms: int
    """How far the desk's clock is ahead of the server's; told, never used."""
    next_sync_s: int
    erased: list[Id] = []
    """Subjects of this push that are erased, where something of it is kept apart or a witness offers it."""
    heard: Seq = 0
    """Pushes of this device that the server knows of, and one; below what the device said, some are lost
    (M-8.6). 0: not counted."""


class Cursor(Message):
    """Where the desk stands in a stream."""

    stream: Id
    at: Place = Place()


class PullAsk(Message):
    """POST /v1/pull. Streams in scope that are not named are answered as if named at their beginning."""

    epoch: Id | None = None
    cursors: Annotated[list[Cursor], Field(max_length=2000)] = []
    max_bytes: Annotated[int, Field(ge=1, le=4 * 1024 * 1024)] = 1024 * 1024


class PageHead(Message):
    """One stream's part of an answer; its ``count`` operations stand in the body in this order."""

    stream: Id
    start: Place
    end: Place
    head: Seq
    """Where the stream ends on the server now."""
    safe: Seq = 0
    """Up to here the oldest backup that can still be restored holds the stream (M-8.3)."""
    digest: Hash | None = None
    """Digest of the whole stream, given when the page reaches its end."""
    count: int
    left: list[Id] = []
    """Subjects that are at another station since; their operations lose their payloads here once safe."""


class Scope(Message):
    """The streams this device may see. What is no longer there leaves the desk once its own work is up."""

    version: int
    streams: list[StreamInfo]


class Home(Message):
    """Where a subject is at home now."""

    subject: Id
    stream: Id


class PullHead(Message):
    """First line of the answer to a pull."""

    epoch: Id
    now_ms: int
    scope: Scope
    pages: list[PageHead]
    more: bool
    notices: list[Notice] = []
    homes: list[Home] = []
    """Of every subject that an operation of these pages means to move: where it really is (M-6.8)."""


class Masked(Message):
    """What one station may see of another's file before it has it: never a whole name or number."""

    subject: Id
    name: Annotated[str, Field(max_length=64)] = ""
    """The surname and stars."""
    id_number: Annotated[str, Field(max_length=18)] = ""
    """Region and last four."""
    sex: Annotated[str, Field(max_length=8)] = ""
    birth: Annotated[str, Field(max_length=4)] = ""
    """The year."""
    opened_on: Annotated[str, Field(max_length=10)] = ""
    help_state: Annotated[str, Field(max_length=16)] = ""
    same: Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=8)] = []
    """With ``duplicate``: fields that say the same in both files, found by the server."""


class Notice(Message):
    """Something a person is to be told: two files of one person, a request to take somebody over."""

    id: Id
    kind: Id
    """``duplicate``: ``subjects`` holds one's own file and the other station's, ``sender`` that station.
    ``transfer_request``, ``transfer_accept``, ``transfer_refuse``, ``transfer_withdraw``: see
    ``TransferAsk``; told to both stations, to the sender's own as its copy. So is ``transfer_apart``: a
    ``duplicate`` that is none, ``subjects`` the receiver's file and the sender's. ``transfer_over``: what was
    asked for went to a third station, or was erased (``why``). ``released``: an action that was kept apart
    was listed after all, ``text`` is its id. ``message``. Others are shown as a message."""
    subjects: list[Id] = []
    text: str = ""
    """A reason or a message as somebody wrote it; never a name or a number of a client by the server."""
    sender: Id | None = None
    """Stream it comes from; None: the server itself."""
    to: Id | None = None
    """Stream it is for."""
    answers: Id | None = None
    at_ms: int = 0
    target: Id | None = None
    """With a request: the stream that is to have the subjects."""
    into: Id | None = None
    """With a request: the file at ``target`` that the first subject becomes an alias of."""
    facts: list[Masked] = []
    why: Annotated[str, Field(max_length=64)] = ""
    """With ``transfer_over``: ``erased`` where ``subjects`` were: what else a desk was told of them is to
    go; ``answers`` is the request or the ``duplicate``, ``sender`` the other station of it. Empty: moved.
    With ``duplicate``: ``many`` while its number stands in more files, of which the station is told once some
    are settled. It is told anew as that changes."""
    others: list[Id] = []
    """With the answer to a request by ``number``: files of that number at further stations, one of each."""
    epoch: str = ""
    """With the answer to a ``TransferAsk``: of the server that has it; empty by an older server."""


class BootstrapAsk(Message):
    """POST /v1/bootstrap: a stream as it stands at one place, subject by subject, open files first."""

    stream: Id
    subjects: Annotated[list[Id], Field(max_length=200)] = []
    """Only these: a subject came back whose payloads had left this desk. Empty: all."""
    at: Place | None = None
    """The place of a bootstrap under way; None begins a new one at the stream's end."""
    after: str = ""
    """Where the last page ended (its ``mark``)."""
    max_bytes: Annotated[int, Field(ge=1, le=4 * 1024 * 1024)] = 1024 * 1024


class BootstrapHead(Message):
    """First line of a bootstrap page. ``seqs`` gives each operation's place in the stream."""

    epoch: Id
    stream: Id
    at: Place
    digest: Hash
    mark: str
    complete: bool
    subjects: int
    total_subjects: int
    seqs: list[Seq]
    homes: list[Home] = []
    """As in ``PullHead``."""


class TransferAsk(Message):
    """POST /v1/transfer: a request to move a subject, or the answer to one. Nothing moves by it: the move is
    an operation (``Transferred``) of a desk that has the subject at home.
    """

    id: Id
    """Made by the desk; the same id again is answered the same."""
    step: Literal["request", "accept", "refuse", "withdraw", "apart"]
    """``apart``: somebody looked at a ``duplicate`` and they are two people; ``answers`` is that notice."""
    subject: Id | None = None
    """With ``request``: the file."""
    more: Annotated[list[Id], Field(max_length=60)] = []
    """With ``request``: what goes along, a household and its members; at home where the subject is."""
    number: Annotated[str, Field(max_length=18)] | None = None
    """With ``request``, instead of a subject: the person's ID number. Its file is not seen by it."""
    to: Id | None = None
    """With ``request``: the stream that is to have the subject, one's own or another's."""
    answers: Id | None = None
    """With the others: the notice of the request. ``withdraw`` is the asker's."""
    into: Id | None = None
    """With ``request``: one's own file of the same person, which the subject is to become an alias of."""
    text: Annotated[str, Field(max_length=500)] = ""
    facts: Annotated[list[Masked], Field(max_length=61)] = []
    """With ``request`` about a file of one's own: what the other station may see of it."""


class StationsAsk(Message):
    """POST /v1/stations: the stations of the province, to choose one from; names of offices, no people."""

    known: Annotated[str, Field(max_length=64)] = ""
    """Version of the list the desk has: the same again is answered without lines."""
    after: Annotated[str, Field(max_length=64)] = ""
    """Id of the last station of the page before."""


class Station(Message):
    """One line of the list."""

    stream: Id
    name: str
    under: str = ""
    """The offices above it, the nearest last, without the province."""


class StationsHead(Message):
    """First line of a page of stations; a ``Station`` a line follows, by id."""

    version: str
    count: int
    more: bool = False


class BlobsAsk(Message):
    """POST /v1/blobs: what the server holds of these contents."""

    digests: Annotated[list[Hash], Field(max_length=500)]


class BlobState(Message):
    """One content. Answer to a chunk too: the desk goes on at ``held``."""

    digest: Hash
    held: Seq
    """Bytes the server has from the beginning on."""
    complete: bool


class BlobsTold(Message):
    """Contents that no operation in scope names are left out."""

    blobs: list[BlobState]


class Refusal(Message):
    """Body of every answer that is not 2xx."""

    error: ErrorCode
    detail: str = ""
    acked: Place | None = None
    """With ``gap``, ``fork`` and ``epoch``: what the server has of this replica."""
    stream: Id | None = None
    retry_after_s: int | None = None
    nonce: str | None = None
    """With ``stale_nonce``: a fresh one."""
    versions: list[int] = []


PullHead.model_rebuild()
