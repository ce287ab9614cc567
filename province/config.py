"""Configuration from the environment, read once at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

from province.bounding import MOST_APART

_DATABASES = ("sqlite:///", "postgresql+psycopg://")


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
        ValueError: a value that cannot be; the message names the variable.
    """
    given = os.environ if env is None else env
    plain = Config()

    def text(name: str, usual: str) -> str:
        return given.get(f"JOBDESK_PROVINCE_{name}", "") or usual

    def number(name: str, usual: float, least: float, most: float = 10**9) -> float:
        raw = text(name, str(usual))
        try:
            found = float(raw)
        except ValueError:
            found = nan
        if not least <= found <= most:  # neither does nan
            raise ValueError(f"JOBDESK_PROVINCE_{name} 是“{raw}”：要写 {least:g} 到 {most:g} 之间的数")
        return found

    def whole(name: str, usual: int, least: int, most: int = 10**9) -> int:
        found = number(name, usual, least, most)
        if found != int(found):
            raise ValueError(f"JOBDESK_PROVINCE_{name} 是“{found:g}”：要写整数")
        return int(found)

    def database(name: str, usual: str) -> str:
        url = text(name, usual)
        if url and not url.startswith(_DATABASES):  # never the address itself: a password stands in it
            raise ValueError(
                f"JOBDESK_PROVINCE_{name} 不是可用的数据库地址：要以 {' 或 '.join(_DATABASES)} 开头"
            )
        return url

    return Config(
        database("DATABASE", plain.database), database("OWNER", plain.owner), text("NAME", plain.name),
        text("HOST", plain.host), whole("PORT", plain.port, 0, 65535),
        whole("PARALLEL", plain.parallel, 1, 1000), number("PATIENCE", plain.patience_s, 0, 3600),
        whole("PER_MINUTE", plain.per_minute, 1),
        whole("APART", plain.apart, 1), whole("WORKERS", plain.workers, 1, 1000),
        text("CONTENTS", plain.contents), text("METRICS", plain.metrics),
    )  # fmt: skip
