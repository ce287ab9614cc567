"""What IT has set for this machine: policy above the installer's values, both above the settings file.

Windows: ``HKLM\\Software\\Policies\\Jobdesk`` (group policy), then ``HKLM\\Software\\Jobdesk\\Install`` (what
msiexec was given), the enrolment code in a key of its own. Linux: ``/etc/jobdesk/policy.json``, one object
with the same value names. A value that will not do is told in words and not used; the next source is asked
then. Names, meanings and checks are those of ``packaging/product.toml``; a test holds them together.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Literal, cast

from jobdesk.cases.enrolment_code import EnrolmentCode, parse_enrolment_code
from jobdesk.cases.errors import BadInput
from jobdesk.host.publisher_key import PublisherKey, parse_publisher
from jobdesk.host.strings import has, text

POLICY_KEY = r"Software\Policies\Jobdesk"
INSTALL_KEY = r"Software\Jobdesk\Install"
ENROLMENT_KEY = r"Software\Jobdesk\Enrolment"
ENROLMENT_VALUE, ENROLMENT_IN_FILE = "Code", "EnrolmentCode"
PUBLISHERS = "Publishers"
"""A key below the policy key: value name = who, value = public key in base64. In the file: an object."""
POLICY_FILE = Path("/etc/jobdesk/policy.json")
_MOST = 256 * 1024

WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/\[\]%-]+", re.IGNORECASE)
"""No account in it, no question: a policy is no place for a secret."""

Origin = Literal["policy", "install"]
Name = Literal[
    "station_code", "server", "second", "updates", "update_folder", "data_folder", "only_publishers"
]


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting IT may hold.

    Attributes:
        value_name: of the registry value and in the file.
        by_policy: False where only the installer sets it.
        by_install: False where only policy sets it.
    """

    name: Name
    value_name: str
    check: Callable[[str], str]
    by_policy: bool = True
    by_install: bool = True


@dataclass(frozen=True, slots=True)
class Managed:
    """A setting as IT set it; ``origin`` says where."""

    name: Name
    value: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Complaint:
    """A value that is not used.

    Attributes:
        value_name: of the registry value, or the path of the file.
        reason: key below ``policy.bad``.
    """

    value_name: str
    origin: Origin
    reason: str
    params: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def said(self) -> str:
        """The sentence; secrets are never part of it."""
        why = text(f"policy.bad.{self.reason}", **self.params)
        key = f"policy.name.{self.value_name}"
        name = (
            text("policy.named", name=text(key), value_name=self.value_name) if has(key) else self.value_name
        )
        return text("policy.not_used", name=name, why=why)


@dataclass(frozen=True, slots=True)
class Policy:
    """All that IT has set, and what could not be used of it."""

    values: Mapping[Name, Managed] = field(default_factory=dict[Name, Managed])
    publishers: tuple[PublisherKey, ...] = ()
    enrolment: EnrolmentCode | None = None
    complaints: tuple[Complaint, ...] = ()

    def value(self, name: Name) -> str:
        """The value, or an empty text where IT has set none."""
        found = self.values.get(name)
        return found.value if found else ""

    @property
    def updates_on(self) -> bool:
        """Off unless IT says on."""
        return self.value("updates") == "on"


Raw = Mapping[str, object]
Source = tuple[Origin, Raw]


def read_policy(path: Path | None = None) -> Policy:
    """What this machine's IT has set. Never fails: what cannot be read is a complaint.

    Args:
        path: the file to read on Linux; ``POLICY_FILE`` when None.
    """
    if sys.platform == "win32":
        enrolment = _registry(ENROLMENT_KEY).get(ENROLMENT_VALUE, "")
        install = {**_registry(INSTALL_KEY), ENROLMENT_IN_FILE: enrolment}
        publishers = _registry(POLICY_KEY + "\\" + PUBLISHERS)
        policy = {**_registry(POLICY_KEY), **({PUBLISHERS: publishers} if publishers else {})}
        return policy_of([("policy", policy), ("install", install)])
    file = path or POLICY_FILE
    try:
        with file.open("rb") as opened:
            raw = json.loads(opened.read(_MOST).decode("utf-8-sig"))
        if not isinstance(raw, dict):
            raise ValueError("no object")
    except (FileNotFoundError, NotADirectoryError):
        return Policy()
    except (OSError, ValueError, RecursionError):
        return Policy(complaints=(Complaint(str(file), "policy", "unreadable"),))
    return policy_of([("policy", cast("Raw", raw))])


def policy_of(sources: list[Source]) -> Policy:
    """Put the sources together, the strongest first. Pure but for the checks of paths' shape."""
    values: dict[Name, Managed] = {}
    publishers: dict[str, PublisherKey] = {}
    enrolment: EnrolmentCode | None = None
    complaints: list[Complaint] = []
    for origin, raw in sources:
        known = {s.value_name: s for s in SETTINGS if (s.by_policy if origin == "policy" else s.by_install)}
        for value_name, given in raw.items():
            try:
                if value_name == PUBLISHERS and origin == "policy":
                    publishers |= {k.key_id: k for k in _publishers(given, complaints)}
                elif value_name == ENROLMENT_IN_FILE:
                    enrolment = enrolment or _enrolment(given)
                elif setting := known.get(value_name):
                    value = _text(given)
                    if value and setting.name not in values:
                        values[setting.name] = Managed(setting.name, setting.check(value), origin)
                elif origin == "policy":
                    raise _Bad("unknown")
            except _Bad as bad:
                complaints.append(Complaint(value_name, origin, bad.reason, bad.params))
    return Policy(values, tuple(publishers.values()), enrolment, tuple(complaints))


class _Bad(Exception):
    """The value will not do; never shown, becomes a ``Complaint``."""

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(reason)
        self.reason, self.params = reason, params


def _text(given: object) -> str:
    """A value as text: numbers of the registry and truth values of JSON switch on and off."""
    if isinstance(given, str):
        return given.strip()
    if isinstance(given, int) and given in (0, 1):
        return "on" if given else "off"
    raise _Bad("kind")


def _station_code(value: str) -> str:
    if not re.fullmatch(r"[0-9]{9}", value):
        raise _Bad("station_code", value=value)
    return value


def _server(value: str) -> str:
    if not re.fullmatch(r"https://[A-Za-z0-9._~:/\[\]%-]+", value):
        raise _Bad("server", value=value)
    return value


def _on_off(value: str) -> str:
    lower = value.casefold()
    if lower not in ("on", "off"):
        raise _Bad("on_off", value=value)
    return lower


def _folder(value: str) -> str:
    """An absolute path; ``%COMPUTERNAME%`` in it is this machine, so that one policy serves many."""
    named = re.sub("%COMPUTERNAME%", lambda _m: computer_name(), value, flags=re.IGNORECASE)
    pure = PureWindowsPath(named) if sys.platform == "win32" else PurePosixPath(named)
    if not pure.is_absolute() or any(c in named for c in '"*?<>|%') or ".." in pure.parts:
        raise _Bad("folder", value=value)
    return named


def _folder_or_web(value: str) -> str:
    """A folder, or one of a web server by its address."""
    if WEB_ADDRESS.fullmatch(value):
        return value
    try:
        return _folder(value)
    except _Bad:
        raise _Bad("update_folder", value=value) from None


SETTINGS: tuple[Setting, ...] = (
    Setting("station_code", "StationCode", _station_code),
    Setting("server", "Server", _server),
    Setting("second", "SecondFolder", _folder),
    Setting("updates", "Updates", _on_off),
    Setting("update_folder", "UpdateFolder", _folder_or_web),
    Setting("data_folder", "DataFolder", _folder, by_policy=False),
    Setting("only_publishers", "OnlyThesePublishers", _on_off, by_install=False),
)


def computer_name() -> str:
    """The machine's own name, as Windows calls it."""
    import socket

    return os.environ.get("COMPUTERNAME") or socket.gethostname().partition(".")[0]


def _enrolment(given: object) -> EnrolmentCode | None:
    if not isinstance(given, str):
        raise _Bad("kind")
    if not given.strip():
        return None
    try:
        return parse_enrolment_code(given)
    except BadInput as error:
        raise _Bad(error.code, **error.params) from None  # the code itself stays out of every traceback


def _publishers(given: object, complaints: list[Complaint]) -> list[PublisherKey]:
    """Name → key in base64; a bad one is told and the others hold."""
    if not isinstance(given, Mapping):
        raise _Bad("kind")
    found: list[PublisherKey] = []
    for name, encoded in cast("Mapping[str, object]", given).items():
        try:
            found.append(parse_publisher(f"{name}={encoded}"))
        except BadInput:
            complaints.append(Complaint(f"{PUBLISHERS}\\{name}", "policy", "publisher"))
    return found


if sys.platform == "win32":

    def _registry(key: str) -> dict[str, object]:
        """All values of a key of HKLM as 64-bit programs see it; nothing where there is none."""
        import winreg

        found: dict[str, object] = {}
        try:
            with winreg.OpenKey(
                winreg.HKEY_LOCAL_MACHINE, key, access=winreg.KEY_READ | winreg.KEY_WOW64_64KEY
            ) as opened:
                for number in range(winreg.QueryInfoKey(opened)[1]):
                    name, value, _kind = winreg.EnumValue(opened, number)
                    found[name] = value
        except OSError:
            return found
        return found
