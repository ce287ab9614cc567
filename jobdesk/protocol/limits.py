"""What one message may hold. A server may announce less in its hello, never more."""

from __future__ import annotations

from typing import Final

from jobdesk.protocol.versions import kept

PROTOCOL: Final = 1
"""The version this program speaks."""
SPOKEN: Final = kept(PROTOCOL)
"""Versions both sides of this program speak; the two before the newest stay (M-1.2)."""

MAX_OP_BYTES: Final = 256 * 1024
"""One encoded operation. A long text has 4,000 characters; held rows and snapshots are the largest."""
MAX_ACTION_OPS: Final = 500
MAX_BATCH_BYTES: Final = 4 * 1024 * 1024
"""Frames of one push or one page of a pull, before compression."""
MAX_BODY_BYTES: Final = 2 * 1024 * 1024
"""The same on the wire."""
MAX_INFLATION: Final = 100
"""A body that grows more than this is no batch of ours."""
MAX_PAGE_BYTES: Final = 2 * 1024 * 1024
"""Operations of one page, before compression: of an action that is larger it holds a part (M-5.2). The rest
of ``MAX_BATCH_BYTES`` is for its head: 2,000 streams, their names, and notices as far as there is room."""
MAX_STREAMS: Final = 2000
"""Streams in one pull: a prefecture with every station under it."""
MAX_BLOB_BYTES: Final = 64 * 1024 * 1024
"""One attachment, list or pack."""
BLOB_CHUNK_BYTES: Final = 1024 * 1024
"""What one request carries of it."""
NONCE_SECONDS: Final = 600
CODE_HOURS: Final = 24
"""An enrolment code is good this long (issue text §2.2)."""
MAX_CARRIED_BYTES: Final = 32 * 1024 * 1024
"""One file on a stick, there or back (own figure): the largest attachment, or some 100,000 operations."""
MAX_CARRIED_PARTS: Final = 5000
"""Requests in such a file."""
