"""The log of the program: ids and counts, never a person.

Callers log ids only. The redactor below is the second line of defence: whatever looks like an ID number,
a phone number or Chinese text is dropped from the finished line, tracebacks included.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
from pathlib import Path

from jobdesk.cases.clock import local_datetime

LOG_NAME = "jobdesk.log"
MAX_BYTES = 1_000_000
KEPT_FILES = 5

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_HEX = r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{16,64}(?![0-9A-Za-z])"
_ID18 = r"[1-9１-９]\d{5}[ \t-]?\d{4}[ \t-]?\d{4}[ \t-]?\d{3}[0-9Xx０-９Ｘｘ]"
_ID15 = r"(?<!\d)[1-9１-９]\d{14}(?!\d)"
_PHONE = r"(?<!\d)(?:\+?86[ -]?)?[1１][3-9３-９]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
_LANDLINE = r"(?<!\d)0\d{2,3}[ -]\d{7,8}(?!\d)"
_HAN_CHARACTER = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN = f"[{_HAN_CHARACTER}][{_HAN_CHARACTER}·•]*"
_PATTERN = re.compile(
    f"(?P<keep>{_UUID}|{_HEX})|(?P<id>{_ID18}|{_ID15})|(?P<phone>{_PHONE}|{_LANDLINE})|(?P<han>{_HAN})"
)


def redact(text: str) -> str:
    """The text without what could name a person; our own ids (UUIDs, long hex) stay readable."""
    return _PATTERN.sub(_shadow, text)


def _shadow(match: re.Match[str]) -> str:
    return match.group() if match.lastgroup == "keep" else f"[{match.lastgroup}]"


class RedactingFormatter(logging.Formatter):
    """One line: Jilin wall time, level, logger, message; then the traceback, all of it redacted."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return local_datetime(int(record.created * 1000)).isoformat(" ", "milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class QuietRotatingHandler(logging.handlers.RotatingFileHandler):
    """A log that cannot be written never stops or litters the program; the failures are counted.

    Attributes:
        failures: lines lost since the start (disk full, folder gone).
    """

    failures = 0

    def handleError(self, record: logging.LogRecord) -> None:
        self.failures += 1


def start_log(folder: Path, level: int = logging.INFO) -> QuietRotatingHandler | None:
    """Log into ``folder``; a second call moves the log there.

    Returns:
        The handler, or None when the folder cannot be written: the program works without a log.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = QuietRotatingHandler(
            folder / LOG_NAME, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
        )
    except OSError:
        return None
    handler.setFormatter(RedactingFormatter())
    stop_log()
    root = logging.getLogger("jobdesk")
    root.addHandler(handler)
    root.setLevel(level)
    root.propagate = False
    return handler


def stop_log() -> None:
    """Close our log file (before its folder is moved or removed)."""
    root = logging.getLogger("jobdesk")
    for handler in list(root.handlers):
        if isinstance(handler, QuietRotatingHandler):
            root.removeHandler(handler)
            handler.close()
    root.propagate = True
