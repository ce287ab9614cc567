"""Contents while others send the same, and what a power cut leaves of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from jobdesk.protocol.messages import BlobState
from province import contents
from province.contents import Store
from province.refusing import Refused

BODY = bytes(range(256)) * 40
DIGEST = sha256(BODY).hexdigest()
LAST = len(BODY) - 100


def at_once(
    monkeypatch: pytest.MonkeyPatch, first: Callable[[], BlobState], second: Callable[[], BlobState]
) -> list[BlobState | Exception]:
    """The second begins when the first has seen that the digest is right, and is let on once that is done. One
    that waits for the first of itself is waited for no longer than a moment.
    """
    told: list[BlobState | Exception] = []
    there, done = threading.Event(), threading.Event()

    def run() -> None:
        try:
            told.append(second())
        except (OSError, Refused) as met:
            told.append(met)

    other = threading.Thread(target=run)

    class Slow:
        def __init__(self) -> None:
            self._hash = sha256()

        def update(self, block: bytes) -> None:
            self._hash.update(block)

        def hexdigest(self) -> str:
            if threading.current_thread() is other:
                there.set()
                done.wait(10)
            else:
                other.start()
                there.wait(0.5)
            return self._hash.hexdigest()

    monkeypatch.setattr(contents, "sha256", Slow)
    told.append(first())
    done.set()
    other.join(10)
    return told


def test_the_last_chunk_twice_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.put(DIGEST, 0, len(BODY), BODY[:LAST])

    def last() -> BlobState:
        return store.put(DIGEST, LAST, len(BODY), BODY[LAST:])

    told = at_once(monkeypatch, last, last)
    assert [isinstance(one, BlobState) and one.complete for one in told] == [True, True], told
    assert store.get(DIGEST, 0) == (BODY, len(BODY))
    assert sorted(f.name for f in (tmp_path / DIGEST[:2]).iterdir()) == [DIGEST], "nothing is left beside it"


def test_other_bytes_do_not_come_into_what_was_found_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    store.put(DIGEST, 0, len(BODY), BODY[:LAST])
    at_once(
        monkeypatch,
        lambda: store.put(DIGEST, LAST, len(BODY), BODY[LAST:]),
        lambda: store.put(DIGEST, 0, len(BODY), b"x" * len(BODY)),
    )
    assert store.get(DIGEST, 0) == (BODY, len(BODY))


def test_what_an_erasure_takes_meanwhile_does_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)

    def drop() -> BlobState:
        store.drop([DIGEST])
        return store.state(DIGEST)

    told = at_once(monkeypatch, lambda: store.put(DIGEST, 0, len(BODY), BODY), drop)
    assert [isinstance(one, BlobState) and one.held for one in told] == [0, 0], told


def test_who_is_told_that_it_is_whole_has_it_after_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "contents")
    store.folder.mkdir()
    whole = store.folder / DIGEST[:2] / DIGEST
    synced: list[tuple[str, bool]] = []
    real = os.fsync

    def fsync(fd: Any) -> None:
        synced.append((str(Path(f"/proc/self/fd/{fd}").readlink()), whole.exists()))
        real(fd)

    monkeypatch.setattr(os, "fsync", fsync)
    assert store.put(DIGEST, 0, len(BODY), BODY).complete
    assert (str(whole.parent), True) in synced, "the name is on disk, and not the bytes alone"
    assert str(store.folder) in [name for name, _ in synced], "so is the new folder's"
    del synced[:]
    assert store.put(DIGEST, 0, len(BODY), BODY).complete
    assert (str(whole.parent), True) in synced, "who made it whole may have died before"
