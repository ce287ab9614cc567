"""Carrying for others: files from a folder to the server, answers beside them. Nothing of them can be read.

Any machine with a line may: a county desk signs as the device it is, another one is let in within narrower
limits. A file that has its answer already is passed over; pulled out in the middle, it goes on next time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.errors import BadInput, JobdeskError, Trouble
from jobdesk.protocol.carried_names import answer_name
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.sealing import Way, look
from jobdesk.sync import carried_files
from jobdesk.sync.carried_files import Found
from jobdesk.sync.client import Client, Declined, hand_over
from jobdesk.sync.exchange import Progress, nobody_listens
from jobdesk.sync.transport import Transport

_LONGEST_WAIT_S = 60
_TRIES = 3
_AGAIN_S = 1
_CARRIER = (ErrorCode.UNKNOWN_DEVICE, ErrorCode.REVOKED, ErrorCode.BAD_SIGNATURE, ErrorCode.UNSIGNED)
"""May be about the carrier's own device: asked once more without its name."""
_TOLD = {
    ErrorCode.UNKNOWN_DEVICE: "carried_unknown_device",
    ErrorCode.BAD_SIGNATURE: "carried_unknown_device",
    ErrorCode.UPGRADE: "carried_upgrade",
}
_DETAILS = frozenset(
    ("carried_damaged", "carried_not_for_us", "carried_newer", "carried_too_large", "carried_is_an_answer")
)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one file.

    Attributes:
        state: ``answered`` now, ``before`` it had its answer already, ``failed``.
        problem: why it failed; ``error.<code>``.
        answer: the answer beside it.
    """

    path: Path
    state: str
    problem: JobdeskError | None = None
    answer: Path | None = None


def carry(
    folder: Path, transport: Transport, *, own: Client | None = None,
    progress: Callable[[Progress], None] = nobody_listens, wait: Callable[[float], None] | None = None,
) -> list[Delivered]:  # fmt: skip
    """Every file that goes out, one after another. Without a line it stops at the first.

    Args:
        own: signs as this device, where the machine is one.
        wait: sleeps as long as a busy server says; without it that file is left for another time.

    Raises:
        Trouble: the folder cannot be read.
    """
    found = carried_files.look_through(folder)
    answers = {f.envelope.exchange: f.path for f in found if f.envelope is not None and f.comes_back}
    todo = [f for f in found if f.goes_out or (f.envelope is None and f.problem == "carried_damaged")]
    done: list[Delivered] = []
    for n, one in enumerate(todo):
        progress(Progress("carry", n, len(todo)))
        if one.envelope is not None and one.envelope.exchange in answers:
            done.append(Delivered(one.path, "before", answer=answers[one.envelope.exchange]))
            continue
        try:
            done.append(Delivered(one.path, "answered", answer=_deliver(one, transport, own, wait)))
        except (BadInput, Trouble) as bad:
            done.append(Delivered(one.path, "failed", bad))
            if bad.code == "no_line":
                done += [Delivered(f.path, "failed", bad) for f in todo[n + 1 :]]
                break
    progress(Progress("carry", len(todo), len(todo)))
    return done


def _deliver(
    one: Found, transport: Transport, own: Client | None, wait: Callable[[float], None] | None
) -> Path:
    if one.envelope is None:
        raise BadInput(one.problem)
    data = carried_files.read_file(one.path)
    try:
        back = _asked(transport, own, data, wait)
    except Declined as declined:
        raise _told(declined) from declined
    try:
        envelope = look(back)
    except BadInput as bad:  # a portal that wants a click, half an answer
        raise Trouble("carried_answer_damaged") from bad
    if envelope.way is not Way.BACK or envelope.exchange != one.envelope.exchange:
        raise Trouble("carried_answer_damaged")
    return carried_files.write_file(one.path.parent, answer_name(one.path.name), back)


def _asked(
    transport: Transport, own: Client | None, data: bytes, wait: Callable[[float], None] | None
) -> bytes:
    broke = False
    for left in reversed(range(_TRIES)):
        try:
            return own.carried(data) if own is not None else hand_over(transport, data)
        except Declined as declined:
            pause = declined.refusal.retry_after_s or 5
            if own is not None and declined.error in _CARRIER:
                own = None
            elif declined.error is not ErrorCode.BUSY or wait is None or not left or pause > _LONGEST_WAIT_S:
                raise
            else:
                wait(pause)
        except Trouble as trouble:
            # a kept connection that the server gave up meanwhile ends like this: the same file again is
            # answered the same (M-12.4), so that once more does no harm
            if trouble.code != "no_line" or broke or not left:
                raise
            broke = True
            if wait is not None:
                wait(_AGAIN_S)
    raise AssertionError


def _told(declined: Declined) -> JobdeskError:
    if declined.error is ErrorCode.BODY and declined.refusal.detail in _DETAILS:
        return BadInput(declined.refusal.detail)
    if declined.error in _TOLD:
        return BadInput(_TOLD[declined.error])
    return declined
