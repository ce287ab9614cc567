"""Reading an answer that came back on a stick: the same exchange as over a line, answered by the file.

Reading twice, late, out of order, after a line was there or after a restore changes nothing that is not so:
either the file still fits where this desk stands, or it is told why it is of no use, and what to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from jobdesk.cases.clock import Clock, local_date
from jobdesk.cases.errors import BadInput, Refused
from jobdesk.protocol.carried import CarriedBack, read_head
from jobdesk.protocol.messages import StreamInfo
from jobdesk.protocol.sealing import Way, answer_key, look, unseal
from jobdesk.store import sync_blobs, sync_carried, sync_facts, sync_state
from jobdesk.store.log import Connection, ops_of_action
from jobdesk.store.station_file import StationFile, Writing
from jobdesk.store.sync_carried import CarriedFile
from jobdesk.sync import offering
from jobdesk.sync.carried_transport import AnswerFile
from jobdesk.sync.engine import Setup, synchronise
from jobdesk.sync.exchange import Progress, nobody_listens
from jobdesk.sync.receipts import Receipt


@dataclass(frozen=True, slots=True)
class Brought:
    """What an answer came to.

    Attributes:
        more: not everything fitted, or of what others had written something was refused: another file there
            and back is needed.
        ahead: an earlier answer was not read yet; what this one holds behind it was left.
        nothing_new: everything in it had come by another way.
    """

    receipt: Receipt
    number: int
    more: bool
    ahead: bool

    @property
    def nothing_new(self) -> bool:
        r = self.receipt
        went = r.sent_ops or r.known_ops or r.refilled_ops or r.sent_words
        return not (self.ahead or r.error or went or r.came_ops or r.apart
                    or r.contents_sent or r.contents_came or r.notices)  # fmt: skip


def take(
    file: StationFile, data: bytes, clock: Clock, name: str, *,
    progress: Callable[[Progress], None] = nobody_listens, stopped: Callable[[], bool] = lambda: False,
) -> Brought:  # fmt: skip
    """Read an answer.

    Raises:
        BadInput: ``carried_other_kind``, ``carried_damaged``, ``carried_newer``, ``carried_too_large``,
            ``carried_went_out`` it is one that went out, no answer; ``carried_not_ours`` of another PC or
            station; ``carried_forged`` not from our server.
        Refused: ``sync_not_enrolled``, ``carried_read_before``, ``carried_before_restore``, ``sync_running``.
        Trouble: the file of the station is in trouble.
    """
    facts = file.read(sync_facts.all_facts).result()
    back, rest = opened(data, facts)
    known = file.read(lambda con: sync_carried.find(con, back.exchange)).result()
    if known is not None and known.state == sync_carried.READ:
        raise Refused("carried_read_before", day=local_date(known.read_ms).isoformat())
    late = back.hello.now_ms < int(facts.get("server_ms", 0))
    if (
        back.hello.epoch != facts.get("epoch", "")
        and late
        and (known is None or known.epoch != facts.get("epoch", ""))
    ):
        raise Refused("carried_before_restore")
    answers = AnswerFile(back, rest, file.read(_scope).result() if late else None)
    refused, forks = answers.refused_of_others()
    told = file.write(lambda w: _was_offered(w, answers, refused)).result() if back.refill else 0
    receipt = synchronise(
        Setup(file, answers, clock, progress, stopped=stopped, carried=name, given_back=told)
    )
    brought = Brought(receipt, back.number, back.more or refused, answers.ahead)
    if not receipt.error and not answers.ahead:
        if back.refill and not refused and facts.get("refill", offering.ASKED) != offering.ASKED:
            file.write(offering.ask_anew).result()  # by the next file
        if forks and not back.more:  # what the server took of these chains has come with this answer
            file.write(lambda w: [offering.taken_up(w, r, seq) for r, seq in forks.items()]).result()
        row = known or CarriedFile(back.exchange, back.number, name, back.made_ms)
        read = replace(
            row, state=sync_carried.READ, read_ms=clock.now_ms(), came=receipt.came_ops, more=brought.more
        )
        file.write(lambda w: sync_carried.put(w.con, read)).result()
    return brought


def opened(data: bytes, facts: dict[str, str]) -> tuple[CarriedBack, bytes]:
    """An answer of our server to this device, proven; see ``take`` for what it raises."""
    if "device" not in facts:
        raise Refused("sync_not_enrolled")
    if look(data).way is not Way.BACK:
        raise BadInput("carried_went_out")
    try:
        letter = unseal(data, answer_key(bytes.fromhex(facts["device_key"])))
    except BadInput as bad:
        if bad.code == "carried_not_for_us":
            raise BadInput("carried_not_ours") from bad
        raise
    if not letter.is_by(bytes.fromhex(facts["signing_key"])):
        raise BadInput("carried_forged")
    back, rest = read_head(letter.content, CarriedBack)
    if back.device != facts["device"] or back.exchange != letter.envelope.exchange:
        raise BadInput("carried_not_ours")
    return back, rest


def _scope(con: Connection) -> list[StreamInfo]:
    return [
        StreamInfo(stream=s.stream, name=s.name, region=s.region, station_subject=s.station_subject)
        for s in sync_state.streams(con)
        if not s.gone
    ]


def _was_offered(w: Writing, answers: AnswerFile, refused: bool) -> int:
    """The server was offered everything it might lack; what this answer shows to be missing is told anew, and
    where it refused some of it all is offered again. How many operations of others it took: no pull tells.
    """
    if sync_state.current_replica(w.con) not in answers.lives():
        return 0  # written before a restore of this desk, or a fork: what came to light with that it had not
    open_still = bool(sync_facts.get(w.con, "refill"))
    if not refused:
        sync_facts.put(w.con, "refill", "")
    sync_blobs.forget_sent(w.con)
    if not open_still:
        return 0
    return sum(
        len([op for op in ops_of_action(w.con, action) if op.replica_id == replica])
        for replica, action in answers.taken_of_others()
    )
