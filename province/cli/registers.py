"""The registers that lie beside the backups: what no restore may take back, in files that only grow."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkstemp

from province.register import Entry, read


def lines_in(file: Path) -> list[str]:
    """Its lines, blank ones left out; of bytes that are no text none can be trusted.

    Raises:
        OSError: it cannot be opened.
        ValueError: it is no text.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as bad:
        raise ValueError(f"名册 {file} 不是文本文件，没有改动它") from bad
    return [line.strip() for line in text.split("\n") if line.strip()]


def keep(file: Path, known: Iterable[str]) -> int:
    """Write what stands in the file together with what the database knows, never fewer: after a restore, and
    before its new epoch, the file knows more. Whole beside it first; where anything fails it stays as it was.

    Args:
        known: lines as ``register.written`` gives them, or ids.

    Returns:
        How many are in it.
    """
    found: dict[str, Entry] = {}
    for one in read([*(lines_in(file) if file.exists() else []), *known]):
        if one.line or one.subject not in found:
            found[one.subject] = one
    text = "".join(f"{entry.text}\n" for _, entry in sorted(found.items()))
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
