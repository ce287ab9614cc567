"""Serving: uvicorn with its limits, one process or several, logs with ids only, a graceful end."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from fastapi import FastAPI

from province.bounding import Bound
from province.cli.frames import frames
from province.config import Config, from_environment
from province.contents import Store
from province.db.engine import open_database
from province.serving import Province
from province.wall import new_id, now_ms
from province.web.app import make_app
from province.web.lines import Line

_GRACE_S = 20
_AWAKE_S = 20
"""A process that says nothing for so long is killed and started anew (own figure). With the usual five
seconds none ever came up on a machine that was slow enough: it is silent while it loads the program.
"""


class Lines(logging.Formatter):
    """One JSON object a line; exceptions as their class and frames, never their text."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {"at": now_ms(), "level": record.levelname, "logger": record.name}
        if record.name == "province":
            said |= {"event": record.getMessage(), **getattr(record, "fields", {})}
        elif record.exc_info and record.exc_info[0]:
            kind, trace = record.exc_info[0].__name__, record.exc_info[2]
            said |= {"event": "error", "class": kind, "frames": frames(trace)}
        elif record.name.startswith("uvicorn"):
            said["event"] = record.getMessage()
        return json.dumps(said, ensure_ascii=False)


class Prompt(Line):
    """An answer goes at once.

    Several processes share a listening socket that does not say it is TCP; asyncio then leaves Nagle on, and
    the body of each small answer waits up to 40 ms for the word that its head has come.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:
        line = transport.get_extra_info("socket")
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)


def application() -> FastAPI:
    """Of one worker process; what uvicorn calls."""
    config = from_environment()
    db = open_database(config.database, pool=config.parallel)
    store, bound = Store(Path(config.contents)), Bound(config.apart)
    return make_app(Province(db, now_ms, new_id, store, bound=bound), config)


def serve(config: Config, workers: int) -> int:
    """Until told to stop; requests under way are finished first."""
    sqlite = config.database.startswith("sqlite")
    if sqlite:
        print("SQLite：权限范围只由程序检查（两道防线中的一道）；正式使用请用 PostgreSQL。", flush=True)
    count = 1 if sqlite else workers or config.workers
    with TemporaryDirectory(prefix="jobdesk-metrics-") as shared:
        os.environ["JOBDESK_PROVINCE_METRICS"] = shared  # the processes inherit it
        _run(config, count)
    return 0


def _run(config: Config, count: int) -> None:
    """Without uvicorn's limit of connections, which answers 503: an idle desk holds no place, and those that
    bring nothing go by ``Line``.
    """
    uvicorn.run(
        "province.cli.serving:application", factory=True, http=Prompt,
        host=config.host, port=config.port, workers=count,
        timeout_keep_alive=20, timeout_graceful_shutdown=_GRACE_S, timeout_worker_healthcheck=_AWAKE_S,
        h11_max_incomplete_event_size=32 * 1024,
        backlog=1024, access_log=False, server_header=False,
        log_config={
            "version": 1, "disable_existing_loggers": False,
            "formatters": {"lines": {"()": "province.cli.serving.Lines"}},
            "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["out"], "level": "INFO"},
        },
    )  # fmt: skip
