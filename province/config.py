"""Configuration from the environment, read once at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from province.bounding import MOST_APART


@dataclass(frozen=True, slots=True)
class Config:
    """Names of the variables stand in ``docs/how-to/province.md``.

    Attributes:
        database: ``sqlite:///…`` or ``postgresql+psycopg://…`` of the role without bypass.
        owner: url of the tables' owner for migrations; the same as ``database`` on SQLite.
        parallel: requests worked on at once in a process; further ones wait ``patience_s``, then ``busy``.
        per_minute: requests a device may make in a minute.
        apart: operations of one machine that may wait apart until somebody decides (M-3.4).
        workers: processes on PostgreSQL; SQLite has one.
        contents: folder of attachments, lists and packs, shared by all processes.
        metrics: folder where processes leave their counters for each other; ``serve`` makes one.
    """

    database: str = "sqlite:///province.db"
    owner: str = ""
    name: str = "省级服务器"
    host: str = "127.0.0.1"
    port: int = 8080
    parallel: int = 8
    patience_s: float = 2.0
    per_minute: int = 240
    apart: int = MOST_APART
    workers: int = 2
    contents: str = "contents"
    metrics: str = ""

    @property
    def migrates_with(self) -> str:
        return self.owner or self.database


def from_environment(env: Mapping[str, str] | None = None) -> Config:
    """The process's own by default.

    Raises:
        ValueError: a number that is none; the message names the variable.
    """
    given = os.environ if env is None else env
    plain = Config()

    def text(name: str, usual: str) -> str:
        return given.get(f"JOBDESK_PROVINCE_{name}", "") or usual

    def number(name: str, usual: float) -> float:
        raw = text(name, str(usual))
        try:
            return float(raw)
        except ValueError:
            raise ValueError(f"JOBDESK_PROVINCE_{name}: {raw!r} is no number") from None

    return Config(
        text("DATABASE", plain.database), text("OWNER", plain.owner), text("NAME", plain.name),
        text("HOST", plain.host), int(number("PORT", plain.port)), int(number("PARALLEL", plain.parallel)),
        number("PATIENCE", plain.patience_s), int(number("PER_MINUTE", plain.per_minute)),
        int(number("APART", plain.apart)), int(number("WORKERS", plain.workers)),
        text("CONTENTS", plain.contents), text("METRICS", plain.metrics),
    )  # fmt: skip
