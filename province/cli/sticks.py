"""A stick in the server room: every file on it answered without a web line, the answers beside them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from jobdesk.cases.errors import BadInput
from jobdesk.protocol.carried_names import SUFFIX, answer_name
from jobdesk.protocol.limits import MAX_CARRIED_BYTES
from jobdesk.protocol.sealing import Way, look
from province.carrying import carried
from province.cli import faults
from province.cli.frames import frames
from province.refusing import Refused
from province.serving import Province

_SAID = {
    "carried_damaged": "文件不完整或被改动，请重新拷贝",
    "carried_not_for_us": "不是给这台服务器的",
    "carried_newer": "由更新版本的程序写出，请先升级服务器",
    "carried_too_large": "文件过大",
}


def answer_folder(province: Province, folder: Path) -> int:
    """How it ends: 0 every file was answered or has an answer, 1 some were not.

    Raises:
        FileNotFoundError: there is no such folder.
    """
    failed = 0
    answered: set[str] = set()
    for path in _files(folder):
        with suppress(OSError):  # told below
            answered.add(_exchange(path, Way.BACK))
    for path in _files(folder):
        try:
            told = _answered(province, path, answered)
        except Refused as no:
            told = f"没有处理：{_SAID.get(no.detail, no.error.value)}"
        except OSError as error:
            told = f"没有读出文件或写出回执：{error.strerror}"
        except (OperationalError, ProgrammingError, InterfaceError, InternalError) as away:
            url = province.db.engine.url.render_as_string(hide_password=False)
            told = f"没有处理：{faults.told(away, url, owner=False)}"
        except PoolTimeout:
            told = "没有处理：数据库的连接都被占用，稍后再试"
        except Exception as bug:  # noqa: BLE001 - those sorted behind it have their answers all the same
            kind = type(bug).__name__
            told = f"没有处理：程序出错（{kind}），请把文件和下面的记录交给服务器管理人员"
            log = {"event": "error", "class": kind, "frames": frames(bug.__traceback__)}
            print(json.dumps(log), file=sys.stderr)
        else:
            if told:
                print(f"{path.name}：{told}")
            continue
        failed += 1
        print(f"{path.name}：{told}")
    return 1 if failed else 0


def _answered(province: Province, path: Path, answered: Collection[str]) -> str:
    """What is said of a file whose answer stands beside it now; nothing of what is no file to be answered."""
    if not (exchange := _exchange(path, Way.OUT)):
        return ""
    if exchange in answered:
        return "已有回执"
    back = carried(province, path.read_bytes())
    _write(path.with_name(answer_name(path.name)), back)
    return f"已处理 → {answer_name(path.name)}"


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.name.casefold().endswith(SUFFIX) and p.is_file())


def _exchange(path: Path, way: Way) -> str:
    """The exchange a whole file of this way belongs to. A damaged one counts as one to be answered: it is
    told; an answer that broke off is written anew.
    """
    if path.stat().st_size > MAX_CARRIED_BYTES:
        return ""
    try:
        found = look(path.read_bytes())
    except BadInput as bad:
        return path.name if way is Way.OUT and bad.code != "carried_other_kind" else ""
    return found.exchange if found.way is way else ""


def _write(path: Path, data: bytes) -> None:
    """Beside it first, then under its name; read back before anybody is told that it is there."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    if path.read_bytes() != data:
        path.unlink()
        raise OSError(5, "写入后核对不一致")
