"""The journal: committed operations once more, in small authenticated files in a second folder.

One file per open life of the program, never appended to by a later one: so a torn end is never written
over and no nonce is used twice. Layout (big-endian)::

    file   = "JDJOURN1" · salt[32] · frame*
    frame  = "\\xf7JDF" · number u64 · length u32 · previous tag[16] · ciphertext · tag[16]
    inside = count u32 · (length u32 · bytes)*        one append, all of it or nothing

Each file has its own AES-256-GCM key, HKDF(subkey, salt, station id); the frame number is the nonce, the
header is authenticated. The tag of the frame before is part of the header: a frame taken out of the middle
is seen. Every frame can be verified by itself, so reading goes on behind a damaged one.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from jobdesk.cases.errors import Trouble
from jobdesk.host.disk import disk_errors, sync_folder, write_all
from jobdesk.store.journal_frames import NO_TAG, TAG, batches, may_be_torn, next_frame, open_frame, sealed

MAGIC = b"JDJOURN1"
SUFFIX = ".jdj"
_SALT = 32
_FILE_HEAD = len(MAGIC) + _SALT

_sync_data: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


@dataclass(frozen=True, slots=True)
class JournalDamage:
    """Something in a journal file that could not be given back.

    Attributes:
        kind: ``torn`` the end was cut off in the middle of a frame (a crash; expected, nothing
            acknowledged is in it) · ``gap`` frames in the middle are missing or fail their check ·
            ``foreign`` no frame of the file opens with this key.
        offset: where in the file.
    """

    file: str
    kind: Literal["torn", "gap", "foreign"]
    offset: int


class Journal:
    """The journal of one station. Nothing touches the disk until the first append or read.

    Not safe for several threads: the writer thread has it.

    Attributes:
        damage: what the last ``read_all`` (or ``last``, ``rewrite``) met; empty before.
    """

    def __init__(self, folder: Path, subkey: bytes, station_id: str) -> None:
        if not re.fullmatch(r"[0-9A-Za-z-]{1,64}", station_id):
            raise ValueError("a station id is a plain word")
        self.folder = folder
        self.damage: list[JournalDamage] = []
        self._subkey = subkey
        self._station = station_id
        self._file: _Writing | None = None

    @classmethod
    def open(cls, folder: Path, subkey: bytes, station_id: str) -> Journal:
        """The journal in that folder; a folder that is not there is found out by the first append."""
        return cls(folder, subkey, station_id)

    def append(self, frames: list[bytes]) -> None:
        """Make the frames durable: one write and one fsync (frames of one call come back all or none).

        After Trouble nothing of this call counts as kept; give it again later. What did reach the disk is
        then read twice, which does no harm to operations.

        Raises:
            DiskFull, ReadOnly: the second folder cannot be written.
            Trouble: ``second_folder_missing`` it is not there (no folder is made in its place: a stick that
                is not plugged in must not become a folder on the same disk); ``journal_vanished`` somebody
                deleted the open file: everything since the last backup has to be given again.
        """
        if not frames:
            return
        try:
            with disk_errors(self.folder):
                if self._file is None:
                    self._file = _Writing.begin(self._new_name(), self._new_key)
                elif self._file.vanished():
                    raise Trouble("journal_vanished", path=str(self.folder))
                for batch in batches(frames):
                    self._file.write(batch)
                self._file.sync()
        except Trouble:
            self.close()
            raise

    def read_all(self) -> Iterator[bytes]:
        """Every frame that can be read, file by file in the order of writing; ``damage`` tells the rest.

        A frame may come twice (see ``append`` and ``rewrite``).

        Raises:
            Trouble: a file is there but the system cannot read it. A missing folder is an empty journal.
        """
        self.damage = []
        for path in self._paths():
            yield from self._read(path)

    def last(self) -> bytes | None:
        """The frame written last that can be read; None in an empty journal."""
        self.damage = []
        for path in reversed(self._paths()):
            found = None
            for found in self._read(path):  # noqa: B007 - the last one is wanted
                pass
            if found is not None:
                return found
        return None

    def rotate(self) -> None:
        """Let the next append begin a new file."""
        self.close()

    def trim(self, keep: Callable[[bytes], bool]) -> int:
        """Drop the frames that are safe elsewhere; returns how many were dropped."""
        return self.rewrite(lambda frame: frame if keep(frame) else None)

    def rewrite(self, change: Callable[[bytes], bytes | None]) -> int:
        """Give every frame a chance to change or go (None); returns how many did.

        What stays goes into a new file under a temporary name, which is renamed before the old files are
        deleted: a kill in between leaves frames twice, never not at all. Damaged ends go with their
        file; a file that does not open with this key is left alone.

        Raises:
            Trouble: as ``append``; the old files are then all still there.
        """
        self.close()
        self.damage = []
        old = self._paths()
        part = self.folder / f"{self._station}.{os.getpid()}.part"
        touched = 0
        with disk_errors(self.folder):
            if not old:
                return 0
            final = self._new_name()
            for left in self.folder.glob(f"{self._station}.*.part"):
                left.unlink(missing_ok=True)
            writing: _Writing | None = None
            try:
                for path in old:
                    for frame in self._read(path):
                        changed = change(frame)
                        touched += changed != frame
                        if changed is not None:
                            writing = writing or _Writing.begin(part, self._new_key)
                            writing.write([changed])
                if writing is not None:
                    writing.sync()
                    writing.close()
                    part.replace(final)
                    sync_folder(self.folder)
            except BaseException:
                if writing is not None:
                    writing.close()
                with contextlib.suppress(OSError):
                    part.unlink(missing_ok=True)
                raise
            foreign = {d.file for d in self.damage if d.kind == "foreign"}
            for path in old:
                if path.name not in foreign:
                    path.unlink(missing_ok=True)
            sync_folder(self.folder)
        return touched

    def close(self) -> None:
        """Close the file that is being written; the next append begins a new one."""
        writing, self._file = self._file, None
        if writing is not None:
            writing.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _paths(self) -> list[Path]:
        """Our files, oldest first."""
        with disk_errors(self.folder):
            if not self.folder.is_dir():
                return []
            return sorted(
                p
                for p in self.folder.iterdir()
                if p.name.startswith(f"{self._station}.") and p.suffix == SUFFIX
            )

    def _new_name(self) -> Path:
        """A name after all others; the random end keeps two clones of a station apart."""
        if not self.folder.is_dir():
            if not self.folder.parent.is_dir():
                raise Trouble("second_folder_missing", path=str(self.folder.parent))
            self.folder.mkdir(exist_ok=True)
            sync_folder(self.folder.parent)
        numbers = [int(p.name.split(".")[1]) for p in self._paths() if p.name.split(".")[1].isdigit()]
        number = max(numbers, default=0) + 1
        return self.folder / f"{self._station}.{number:010d}.{os.urandom(4).hex()}{SUFFIX}"

    def _new_key(self, salt: bytes) -> AESGCM:
        info = b"jobdesk journal 1|" + self._station.encode("ascii")
        return AESGCM(HKDF(SHA256(), 32, salt, info).derive(self._subkey))

    def _read(self, path: Path) -> Iterator[bytes]:
        with disk_errors(path):
            data = path.read_bytes()
        if len(data) < _FILE_HEAD:
            self.damage.append(JournalDamage(path.name, "torn", 0))
            return
        if not data.startswith(MAGIC):
            self.damage.append(JournalDamage(path.name, "foreign", 0))
            return
        yield from self._read_frames(path.name, data, self._new_key(data[len(MAGIC) : _FILE_HEAD]))

    def _read_frames(self, name: str, data: bytes, cipher: AESGCM) -> Iterator[bytes]:
        offset, opened = _FILE_HEAD, False
        expected: tuple[int, bytes] | None = (0, NO_TAG)
        while offset < len(data):
            frame = open_frame(data, offset, cipher)
            if frame is None:
                following = next_frame(data, offset + 1, cipher)
                kind = "gap" if opened or following is not None else "foreign"
                if following is None and may_be_torn(data, offset):
                    kind = "torn"
                self.damage.append(JournalDamage(name, kind, offset))
                if following is None:
                    return
                offset, expected = following, None
                continue
            if expected is not None and expected != (frame.number, frame.previous):
                self.damage.append(JournalDamage(name, "gap", offset))
            opened = True
            expected = (frame.number + 1, data[frame.end - TAG : frame.end])
            offset = frame.end
            yield from frame.content


class _Writing:
    """A journal file while it is written."""

    def __init__(self, path: Path, fd: int, cipher: AESGCM) -> None:
        self._path = path
        self._fd = fd
        self._cipher = cipher
        self._number = 0
        self._tag = NO_TAG

    @classmethod
    def begin(cls, path: Path, key_of: Callable[[bytes], AESGCM]) -> _Writing:
        salt = os.urandom(_SALT)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        writing = cls(path, fd, key_of(salt))
        try:
            write_all(fd, MAGIC + salt)
            sync_folder(path.parent)
        except BaseException:
            writing.close()
            raise
        return writing

    def write(self, frames: list[bytes]) -> None:
        frame = sealed(self._cipher, self._number, self._tag, frames)
        self._number += 1
        self._tag = frame[-TAG:]
        write_all(self._fd, frame)

    def sync(self) -> None:
        _sync_data(self._fd)

    def vanished(self) -> bool:
        """Deleted, or its folder moved or unplugged: what is written now nobody would find again."""
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return True
        return not os.path.samestat(there, os.fstat(self._fd))

    def close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            with contextlib.suppress(OSError):
                os.close(fd)
