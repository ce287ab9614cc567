"""The registers that lie beside the backups: what no restore may take back, in files that only grow.

Of both each entry begins with an id, and one looks like the other: a heading says which it is, and every line
is checked before anything is done with any. Older registers have no heading.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from enum import StrEnum
from pathlib import Path
from tempfile import mkstemp

from sqlalchemy import Connection, func, select

from province import register
from province.db import tables as t
from province.db.writing import among, in_pieces
from province.reading import is_id
from province.register import Entry


class Which(StrEnum):
    """Of what a register is; its command is called so too."""

    ERASED = "erased"
    REVOKED = "revoked"

    @property
    def heading(self) -> str:
        return f"{register.REMARK} jobdesk-province {self.value} 1"

    @property
    def called(self) -> str:
        return "已清除对象的名册" if self is Which.ERASED else "已撤销电脑的名册"

    @property
    def other(self) -> Which:
        return Which.REVOKED if self is Which.ERASED else Which.ERASED


def lines_in(file: Path, which: Which) -> dict[int, str]:
    """Its entries by the number of their line. One that is wrong spoils all of it: more may be than is seen.

    Raises:
        OSError: it cannot be opened.
        ValueError: it is no text, or of something else; names the line and the way out.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as bad:
        raise ValueError(f"名册 {file} 不是文本文件，没有改动它") from bad
    found: dict[int, str] = {}
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line or line == which.heading:
            continue
        if wrong := _wrong(line, which):
            raise ValueError(f"{file}:{number}：{wrong}。整份名册都没有采用，什么也没有改动")
        found[number] = line
    return found


def _wrong(line: str, which: Which) -> str:
    """What is wrong with a line and what to do; empty for nothing."""
    given = f"请给出 province {which.value} --to 写的文件"
    if line == which.other.heading:
        return f"这是{which.other.called}，不是{which.called}；{given}"
    if line.startswith(register.REMARK):
        return f"不认识的标题行（较新的程序写的名册，或别的文件）；{given}，或改用较新的程序"
    subject, tab, said = line.partition("\t")
    if which is Which.REVOKED:
        if tab and is_id(subject):
            return f"编号后面还有内容：这像是{which.other.called}；{given}"
        return "" if is_id(line) else f"不是电脑编号；{given}"
    if not is_id(subject):
        return f"不是对象编号；{given}"
    if tab and not register.erases(Entry(subject, said.encode())):
        return "编号后面的内容不是这个对象的清除操作；请换一份完整的名册，没有别的就把这一行改成只有编号"
    return ""


def checked(con: Connection, file: Path, which: Which) -> list[str]:
    """Entries of a register, none of which this database knows as one of the other.

    Raises:
        OSError, ValueError: as ``lines_in``.
    """
    found = lines_in(file, which)
    ids = {number: line.partition("\t")[0] for number, line in found.items()}
    if which is Which.ERASED:
        strange = set(con.execute(select(t.device.c.id)).scalars())
    else:
        strange = _subjects(con, sorted(ids.values()))
    for number, one in ids.items():
        if one in strange:
            what = "电脑" if which is Which.ERASED else "对象"
            raise ValueError(
                f"{file}:{number}：{one} 是一个{what}的编号：这像是{which.other.called}，不是{which.called}；"
                f"请给出 province {which.value} --to 写的文件。整份名册都没有采用，什么也没有改动"
            )
    return list(found.values())


def _subjects(con: Connection, ids: list[str]) -> set[str]:
    found: set[str] = set()
    for some in in_pieces(ids):
        for column in (t.subject.c.id, t.erased.c.subject):
            found |= set(con.execute(select(column).where(among(con, column, some))).scalars())
    return found


def counted(con: Connection, revoked: Collection[str]) -> str:
    """How many entries of each the database has, and how many of the register's machines it never knew."""
    erased = con.execute(select(func.count()).select_from(t.erased)).scalar_one()
    out = set(con.execute(select(t.device.c.id).where(t.device.c.revoked_ms.is_not(None))).scalars())
    told = f"现在记有已清除的对象 {erased} 个、已撤销的电脑 {len(out)} 台"
    unknown = len(set(revoked) - out)
    return f"{told}；名册中另有 {unknown} 台电脑在备份之后才登记，本服务器不认识，进不来" if unknown else told


def text_of(known: Iterable[str], which: Which) -> Iterable[str]:
    """Lines of a register that is written anew."""
    yield which.heading
    yield from known


def keep(file: Path, there: Iterable[str], known: Iterable[str], which: Which) -> int:
    """Write what stands in the file together with what the database knows, never fewer: after a restore, and
    before its new epoch, the file knows more. Whole beside it first; where anything fails it stays as it was.

    Args:
        there: what stands in it, as ``checked`` gives it; nothing where there is none.
        known: lines as ``register.written`` gives them, or ids.

    Returns:
        How many are in it.
    """
    found: dict[str, Entry] = {}
    for one in register.read([*there, *known]):
        if one.line or one.subject not in found:
            found[one.subject] = one
    text = "".join(f"{line}\n" for line in text_of((entry.text for _, entry in sorted(found.items())), which))
    descriptor, part = mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(part).replace(file)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return len(found)
