"""What a database said no with, in words for whoever runs the server: what to look at.

A statement's values may be in the text of an error: only what a failed connection says is repeated, and of
that one line. It names address, database and role, never a password.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError

from province.clashing import clashed

_MIGRATE = "数据库不可用或没有初始化：还没有这一版程序的表，先执行 migrate"
_UNKNOWN = ("42P01", "42703")
_FORBIDDEN, _READ_ONLY = "42501", "25006"
_CONNECTING = (
    ("password", "密码不对或没有写；密码里有符号的要写成 %-编码"),
    ("no pg_hba.conf entry", "PostgreSQL 的 pg_hba.conf 不许这个角色从这里连接"),
    ("role \"", "没有这个角色：建角色见 packaging/province/roles.sql"),
    ("database \"", "没有这个数据库：建库见 packaging/province/roles.sql"),
    ("refused", "那里没有 PostgreSQL 在运行，或者端口写错了"),
    ("resolve", "主机名写错了，或者域名解析不通"),
    ("translate host name", "主机名写错了，或者域名解析不通"),
    ("timeout", "主机没有回应：看网络和防火墙"),
    ("starting up", "PostgreSQL 正在启动或恢复：稍后再试"),
    ("too many", "连接数用完了：看 max_connections"),
)  # fmt: skip
"""Words of the reason → what to look at. Of a PostgreSQL in another language there is the reason alone."""
_OF_SQLITE = (
    ("no such", _MIGRATE),
    ("unable to open", "打不开数据库文件：看文件夹在不在、运行本命令的用户有没有权限"),
    ("readonly", "数据库文件不能写：看运行本命令的用户有没有权限"),
    ("locked", "数据库文件正被别的程序占用：稍后再试"),
    ("full", "磁盘满了"),
    ("malformed", "数据库文件损坏：从备份恢复（docs/how-to/province.md 第 6 节）"),
    ("not a database", "那个文件不是数据库"),
)  # fmt: skip


def told(fault: DBAPIError, url: str, owner: bool) -> str:
    """One sentence.

    Args:
        url: the address that was asked.
        owner: it is that of the tables' owner, and tables are being made.
    """
    reason = str(fault.orig)
    if url.startswith("sqlite"):
        return f"{_said(_OF_SQLITE, reason) or type(fault.orig).__name__}（{_where(url)}）"
    state = getattr(fault.orig, "sqlstate", None)
    if state in _UNKNOWN:
        return f"{_MIGRATE}（{_where(url)}）"
    if clashed(fault):
        return (
            "与服务器同时进行的别的工作冲突，数据库撤回了这一步，什么都没有改动：请再执行一次同样的命令"
            f"（{_where(url)}）"
        )
    if state == _READ_ONLY:
        return f"这个数据库跟随另一个（备机），不能写：请连接主机（{_where(url)}）"
    if state == _FORBIDDEN and owner:
        return (
            f"这个角色不能建表或改表：migrate 要用表的所有者，把它的地址写在 JOBDESK_PROVINCE_OWNER 里"
            f"（现在用的是 {_where(url)}）"
        )
    if state == _FORBIDDEN:
        return (
            "这个角色没有权限用这些表：JOBDESK_PROVINCE_DATABASE 要用 roles.sql 建的 jobdesk_app，"
            f"表要由其中的所有者 migrate（现在用的是 {_where(url)}）"
        )
    if state is not None:
        kind = f"{type(fault.orig).__name__} {state}"
        return f"数据库没有完成这个操作：{kind}，请看 PostgreSQL 的日志（{_where(url)}）"
    line = next(iter(reason.splitlines()), "").rpartition("failed: ")[2]
    hint = _said(_CONNECTING, line) or "请看下面的原因和 PostgreSQL 的日志"
    return f"连不上数据库：{hint}（{_where(url)}；原因：{line[:200]}）"


def _said(known: tuple[tuple[str, str], ...], reason: str) -> str:
    return next((told for word, told in known if word in reason), "")


def _where(url: str) -> str:
    """Without a password."""
    at = make_url(url)
    if at.drivername.startswith("sqlite"):
        return f"文件 {at.database}"
    return f"{_hosts(at)}，数据库 {at.database}，角色 {at.username}"


def _hosts(at: URL) -> str:
    """As the address has them: one before the name of the database, or several, or a folder, behind it."""
    named, port = at.query.get("host"), at.query.get("port", at.port)
    if not named:
        return f"{at.host or '本机'}:{port or 5432}"
    hosts = named if isinstance(named, str) else ",".join(named)
    if isinstance(named, str) and "," in named and ":" in named:
        return f"{hosts}；几个主机要写成 ?host=甲:5432&host=乙:5432"
    return f"{hosts}，端口 {port}" if port else hosts


def no_utf8(bad: UnicodeError, given: Sequence[str], env: Mapping[str, str] = os.environ) -> str:
    """One sentence: which argument or variable is no text, and the way out. Of a variable the name alone."""
    what = f"有的文字写不出来（{getattr(bad, 'encoding', '')}）"
    for name in env:
        if name.startswith("JOBDESK_PROVINCE_") and not _is_text(env[name]):
            what = f"环境变量 {name} 不是 UTF-8"
    for one in given:
        if not _is_text(one):
            what = f"参数“{one[:80].encode('utf-8', 'replace').decode()}”不是 UTF-8"
    return f"{what}。请把终端和语言环境设为 UTF-8（例如 export LANG=C.UTF-8），再重新输入"


def _is_text(given: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in given)
