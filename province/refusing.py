"""A request that is not done as a whole, as an exception that the web layer turns into a ``Refusal``."""

from __future__ import annotations

from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.messages import Place


class Refused(Exception):
    """Nothing of the request was done."""

    def __init__(
        self, error: ErrorCode, *, detail: str = "", acked: Place | None = None, stream: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(error.value)
        self.error = error
        self.detail = detail
        self.acked = acked
        self.stream = stream
        self.retry_after_s = retry_after_s
