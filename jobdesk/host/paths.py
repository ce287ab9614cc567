"""Where things lie on this machine, and whether a place will do."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

import platformdirs

from jobdesk.cases.errors import Refused

STATION_NAME = "station.jobdesk.db"
KEYSLOTS_NAME = "keyslots.json"
SETTINGS_NAME = "jobdesk.toml"
PRACTICE_FOLDER = "practice"

NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "fuse.glusterfs"}
    | {"fuse.sshfs", "fuse.smbnetfs", "davfs", "fuse.davfs2", "fuse.rclone", "lustre", "beegfs"}
)
"""Names in /proc/mounts whose locks and shared memory SQLite cannot trust."""


@dataclass(frozen=True, slots=True)
class StationPaths:
    """The places of one station.

    Attributes:
        data: the folder of the station file; always on this machine.
        second: the folder of the second copy (another disk, a stick, a share), or None: then the journal
            and the backups lie in ``data`` too, and the person is told that this guards against less.
    """

    data: Path
    second: Path | None = None

    @property
    def station(self) -> Path:
        return self.data / STATION_NAME

    @property
    def keyslots(self) -> Path:
        return self.data / KEYSLOTS_NAME

    @property
    def lock(self) -> Path:
        return self.data / "station.lock"

    @property
    def settings(self) -> Path:
        return self.data / SETTINGS_NAME

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def journal(self) -> Path:
        return (self.second or self.data) / "journal"

    @property
    def backups(self) -> Path:
        """Where backups are made; in the second folder when there is one."""
        return (self.second or self.data) / "backups"

    @property
    def local_backups(self) -> Path:
        """Where backups go while the second folder cannot be written; the same as ``backups`` without one."""
        return self.data / "backups"

    @property
    def second_is_same_disk(self) -> bool:
        """True also when no second folder is named: one broken disk then takes both copies."""
        return self.second is None or is_same_disk(self.data, self.second)

    def practice(self) -> StationPaths:
        """The practice station: everything of it below its own folder, second copy included."""
        return StationPaths(self.data / PRACTICE_FOLDER)


def default_data_folder() -> Path:
    """The machine's folder where the package made one that we may write, else the person's own.

    One station file per PC is the rule, so Windows always takes ProgramData (the installer opens it to
    users); on Linux /var/lib/jobdesk exists only where a package or an administrator made it.
    """
    if sys.platform == "win32":
        return Path(platformdirs.site_data_dir("Jobdesk", appauthor=False))
    shared = Path("/var/lib/jobdesk")
    if shared.is_dir() and os.access(shared, os.W_OK | os.X_OK):
        return shared
    return Path(platformdirs.user_data_dir("jobdesk", appauthor=False))


def station_paths(data: Path | None = None, second: Path | None = None) -> StationPaths:
    """The places for ``--data`` and the second folder as given; relative ones are made absolute once."""
    return StationPaths(
        (data or default_data_folder()).expanduser().absolute(),
        second.expanduser().absolute() if second else None,
    )


def nearest_existing(path: Path) -> Path:
    """The path or the closest ancestor that is there."""
    for place in (path, *path.parents):
        if place.exists():
            return place
    return Path(path.anchor or ".")


def is_same_disk(one: Path, other: Path) -> bool:
    """Do both lie on one physical device, as far as the system tells? Two partitions of one disk do.

    Folders that do not exist yet are judged by their nearest ancestor. When the system does not say,
    the file system decides (so a RAID or an encrypted volume counts as one disk).
    """
    return _disk(nearest_existing(one.absolute())) == _disk(nearest_existing(other.absolute()))


def _disk(place: Path) -> str:
    device = place.stat().st_dev
    if sys.platform == "win32":
        return _windows_disk(place) or str(device)
    if sys.platform == "linux":
        node = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
        if node.exists():
            node = node.resolve()
            return str(node.parent if (node / "partition").exists() else node)
    return str(device)


if sys.platform == "win32":

    def _windows_disk(place: Path) -> str | None:
        """Number of the physical drive behind a drive letter (IOCTL_STORAGE_GET_DEVICE_NUMBER)."""
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.CreateFileW.restype = ctypes.c_void_p
        handle = kernel.CreateFileW(rf"\\.\{place.drive}", 0, 3, None, 3, 0, None)
        if handle in (None, ctypes.c_void_p(-1).value):
            return None
        answer = (ctypes.c_uint32 * 3)()
        taken = ctypes.c_uint32()
        try:
            fine = kernel.DeviceIoControl(
                ctypes.c_void_p(handle), 0x2D1080, None, 0, answer, 12, ctypes.byref(taken), None
            )
        finally:
            kernel.CloseHandle(ctypes.c_void_p(handle))
        return f"drive{answer[0]}:{answer[1]}" if fine else None


def is_network_path(path: Path, mounts: str | None = None) -> bool:
    """Is this a share of another machine (UNC, a mapped drive, nfs, cifs …)?

    Args:
        mounts: text of /proc/mounts; read from the system when None.
    """
    text = str(path)
    if text.startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        import ctypes

        return ctypes.windll.kernel32.GetDriveTypeW(f"{path.absolute().drive}\\") == 4
    if mounts is None:
        table = Path("/proc/mounts")
        mounts = table.read_text("utf-8", "replace") if table.exists() else ""
    return _file_system(path.absolute(), mounts) in NETWORK_FILE_SYSTEMS


def _file_system(path: Path, mounts: str) -> str:
    """Type of the mount that holds the path; the longest mount point wins, the later of two equal ones."""
    found, longest = "", -1
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = Path(fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if (point == path or point in path.parents) and len(point.parts) >= longest:
            found, longest = fields[2], len(point.parts)
    return found


def refuse_network_share(path: Path, mounts: str | None = None) -> None:
    """The station file itself must lie on a disk of this machine: over a share its locks are not kept.

    Raises:
        Refused: ``network_share``. (Backups and the journal may well go to a share.)
    """
    resolved = nearest_existing(path).resolve() if mounts is None else path
    if is_network_path(path, mounts) or is_network_path(resolved, mounts):
        raise Refused("network_share", path=str(path))


def is_roaming_path(path: PurePath, environment: Mapping[str, str] | None = None) -> bool:
    """Does it lie in a Windows profile folder that is copied to a server at sign-out (``%APPDATA%``)?

    Args:
        environment: where APPDATA is looked up; os.environ when None.
    """
    parts = [part.casefold() for part in path.parts]
    if ("appdata", "roaming") in itertools.pairwise(parts):
        return True
    named = (os.environ if environment is None else environment).get("APPDATA")
    if not named:
        return False
    above = [part.casefold() for part in type(path)(named).parts]
    return parts[: len(above)] == above


def refuse_unfit_folder(path: Path) -> None:
    """The station file lies on a disk of this machine and stays there.

    Raises:
        Refused: ``network_share`` or ``roaming_profile``.
    """
    refuse_network_share(path)
    if is_roaming_path(path):
        raise Refused("roaming_profile", path=str(path), instead=str(default_data_folder()))
