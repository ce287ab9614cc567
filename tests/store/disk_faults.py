"""Failing the n-th call to the disk, and a small disk to fill up."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


class FailingDisk:
    """Counts calls of the os module that touch the disk; the chosen one fails."""

    def __init__(self, fail_at: int, error: int = errno.ENOSPC) -> None:
        self.calls = 0
        self.fail_at = fail_at
        self.error = error
        self.failed: str | None = None

    @contextmanager
    def installed(self, *names: str) -> Iterator[FailingDisk]:
        with pytest.MonkeyPatch.context() as patch:
            for name in names or ("open", "write", "fsync", "replace", "mkdir", "link"):
                patch.setattr(os, name, self._wrapped(name, getattr(os, name)))
            yield self

    def _wrapped(self, name: str, real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            if self.calls == self.fail_at:
                self.failed = name
                if name == "write":  # the disk takes a part before it is full
                    real(args[0], bytes(args[1])[: len(args[1]) // 2])
                raise OSError(self.error, os.strerror(self.error))
            return real(*args, **kwargs)

        return call


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A tmpfs of that size, or a skipped test where mounting is not allowed."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)], capture_output=True
    )
    if done.returncode:
        pytest.skip("may not mount here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def remount_read_only(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True, capture_output=True)
