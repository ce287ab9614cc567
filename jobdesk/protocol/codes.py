"""Words of the protocol: verdicts on actions, reasons for a quarantine, errors of a whole request."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What became of one pushed action. Final: the same action never gets another one (M-4.3)."""

    ACCEPTED = "accepted"
    ALREADY = "already"
    QUARANTINED = "quarantined"


class Reason(StrEnum):
    """Why an action is kept apart; ``sync.reason.<code>`` in the strings. Never the fold's opinion."""

    UNREADABLE = "unreadable"
    """A line that is no operation of any known version."""
    TOO_LARGE = "too_large"
    NEWER_SCHEMA = "newer_schema"
    """The server is older than the desk: it is asked again after the server's upgrade."""
    BAD_PAYLOAD = "bad_payload"
    """The payload is not what its hash says, or not what its kind needs."""
    OUT_OF_SCOPE = "out_of_scope"
    """The subject is at a station that this device has no part in."""
    FOREIGN = "foreign"
    """An operation id that another replica has used."""
    SPLIT_ACTION = "split_action"
    """More than 500 operations, or subjects of more than one stream where the kind knows one."""
    REVOKED = "revoked"
    """The device was revoked; what it still sends is kept for a person to look at."""
    ERASED = "erased"
    """Of an erased subject: listed without payload."""


class ErrorCode(StrEnum):
    """A request that as a whole was not done; with an HTTP status and a way out (``docs``, section 10)."""

    UNSIGNED = "unsigned"
    BAD_SIGNATURE = "bad_signature"
    STALE_NONCE = "stale_nonce"
    UNKNOWN_DEVICE = "unknown_device"
    REVOKED = "revoked"
    BAD_CODE = "bad_code"
    UPGRADE = "upgrade"
    """The protocol version is no longer answered; pushing still is (M-1.3)."""
    BUSY = "busy"
    BODY = "body"
    """The body is too large, not deflated, or not the message this address takes."""
    GAP = "gap"
    """The first new operation does not follow the last one the server has of this replica."""
    FORK = "fork"
    """The server has another operation at that place of the chain: a clone, or a restored file."""
    EPOCH = "epoch"
    """The server was restored: its past ends earlier than the desk believes."""
    DIVERGED = "diverged"
    """The hash at the cursor is not the stream's: that stream is pulled again from its beginning."""
    OUT_OF_SCOPE = "out_of_scope"


class Why(StrEnum):
    """A word of the server's in a notice (``Notice.why``), and where a station's own is refused."""

    MANY = "many"
    """Of a ``duplicate``: its number stands in more files, of which the station is told later."""
    ERASED = "erased"
    """Over, as whom it was about is erased."""


KEPT_APART = "kept_apart"
"""Detail of a ``busy``: what waits apart of this device is as much as the server keeps (M-3.4)."""

STATUS: dict[ErrorCode, int] = {
    ErrorCode.UNSIGNED: 401, ErrorCode.BAD_SIGNATURE: 401, ErrorCode.STALE_NONCE: 401,
    ErrorCode.UNKNOWN_DEVICE: 401, ErrorCode.REVOKED: 403, ErrorCode.BAD_CODE: 403,
    ErrorCode.UPGRADE: 426, ErrorCode.BUSY: 429, ErrorCode.BODY: 400, ErrorCode.GAP: 409,
    ErrorCode.FORK: 409, ErrorCode.EPOCH: 409, ErrorCode.DIVERGED: 409, ErrorCode.OUT_OF_SCOPE: 403,
}  # fmt: skip
"""HTTP status of each error. The code in the body decides; the status is for proxies and logs."""
