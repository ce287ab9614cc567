"""The few settings of the machine that are needed before the station file can be opened.

Everything else is kept encrypted inside the station file. Precedence: default < file < installer <
environment < flag < policy of the machine (``policy_settings``). Where the data lies, only the installer
may say beforehand.
"""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Literal

from jobdesk.cases.errors import BadInput
from jobdesk.host.disk import disk_errors, replace_file
from jobdesk.host.paths import SETTINGS_NAME, StationPaths, default_data_folder
from jobdesk.host.policy_settings import Complaint, Policy, read_policy

Origin = Literal["default", "file", "install", "environment", "flag", "policy"]
ENVIRONMENT_PREFIX = "JOBDESK_"
_CHOICES = {"theme": ("system", "light", "dark"), "log_level": ("debug", "info", "warning", "error")}
_NOT_IN_FILE = {"data", "key_file"}
"""``data`` says where the file itself lies; a key file named beside the data would be a key under the mat."""


@dataclass(frozen=True, slots=True)
class AppConfig:
    """Settings of the machine.

    Attributes:
        data: folder of the station file.
        second: folder of the second copy; empty text when none is named.
        key_file: path of the key file; empty text means the credential store is used.
        keyring_backend: the credential store that keeps this station's secret; empty until one was used.
        theme: ``system``, ``light`` or ``dark``.
        log_level: ``debug``, ``info``, ``warning`` or ``error``.
        publishers: keys of publishers added here, ``name=base64`` parted by ``;``; see ``publishers``.
        origins: where each value came from, for ``--show-config``.
        policy: what IT has set for the machine.
    """

    data: str
    second: str = ""
    key_file: str = ""
    keyring_backend: str = ""
    theme: str = "system"
    log_level: str = "info"
    publishers: str = ""
    origins: Mapping[str, Origin] = field(default_factory=dict[str, Origin], compare=False)
    policy: Policy = field(default_factory=Policy, compare=False)

    @property
    def paths(self) -> StationPaths:
        return StationPaths(Path(self.data), Path(self.second) if self.second else None)

    def is_managed(self, name: str) -> bool:
        """IT has set this one: it is shown greyed and cannot be changed here."""
        return self.origins.get(name) in ("policy", "install")

    def shown(self) -> list[tuple[str, str, Origin]]:
        """(name, value, origin) of every setting, in the order of the class."""
        return [(n, str(getattr(self, n)), self.origins.get(n, "default")) for n in NAMES]


NAMES: tuple[str, ...] = tuple(f.name for f in fields(AppConfig) if f.name not in ("origins", "policy"))


def load_config(
    flags: Mapping[str, str | None], environment: Mapping[str, str], policy: Policy | None = None
) -> AppConfig:
    """Put the settings together.

    Args:
        flags: values given on the command line, None where a flag was not given.
        environment: usually os.environ; only names that begin with JOBDESK_ are looked at.
        policy: what IT has set; read from the machine when None.

    Raises:
        BadInput: ``settings_unreadable``, ``settings_unknown`` or ``settings_value``; names key and place.
    """
    given: dict[str, str] = {k: v for k, v in flags.items() if v is not None and k in NAMES}
    outside = {
        name: environment[ENVIRONMENT_PREFIX + name.upper()]
        for name in NAMES
        if environment.get(ENVIRONMENT_PREFIX + name.upper())
    }
    policy = read_policy() if policy is None else policy
    config = AppConfig(data=str(default_data_folder()), policy=policy)
    if folder := policy.value("data_folder"):
        config = _laid_over(config, {"data": folder}, "install")
    config = _laid_over(config, {k: v for k, v in outside.items() if k == "data"}, "environment")
    config = _laid_over(config, {k: v for k, v in given.items() if k == "data"}, "flag")
    config = _laid_over(config, read_settings(Path(config.data) / SETTINGS_NAME), "file")
    config = _laid_over(config, _second_of(policy, "install"), "install")
    config = _laid_over(config, {k: v for k, v in outside.items() if k != "data"}, "environment")
    config = _laid_over(config, {k: v for k, v in given.items() if k != "data"}, "flag")
    config = _laid_over(config, _second_of(policy, "policy"), "policy")
    places = {
        name: str(Path(value).expanduser().absolute())
        for name in ("data", "second", "key_file")
        if (value := getattr(config, name))
    }
    return _fitting(replace(config, **places))


def _fitting(config: AppConfig) -> AppConfig:
    """IT's second folder is not used where it is the data folder or inside it; that is told."""
    second, data = Path(config.second), Path(config.data)
    if not config.is_managed("second") or not (second == data or data in second.parents):
        return config
    found = config.policy.values["second"]
    complaint = Complaint("SecondFolder", found.origin, "inside", {"value": config.second})
    policy = replace(config.policy, complaints=(*config.policy.complaints, complaint))
    return replace(config, second="", origins={**config.origins, "second": "default"}, policy=policy)


def prepare_second(config: AppConfig) -> None:
    """Make the folder IT has named for the second copy, where the place it lies in is there. Never raises."""
    folder = config.paths.second
    if folder is not None and config.is_managed("second"):
        with contextlib.suppress(OSError):
            if not folder.exists() and folder.parent.is_dir():
                folder.mkdir()


def _second_of(policy: Policy, origin: Origin) -> dict[str, str]:
    found = policy.values.get("second")
    return {"second": found.value} if found and found.origin == origin else {}


def _laid_over(config: AppConfig, values: Mapping[str, str], origin: Origin) -> AppConfig:
    for name, value in values.items():
        if name in _CHOICES and value not in _CHOICES[name]:
            allowed = " ".join(_CHOICES[name])
            raise BadInput("settings_value", key=name, value=value, allowed=allowed, origin=origin)
    return replace(config, **dict(values), origins={**config.origins, **dict.fromkeys(values, origin)})


def read_settings(path: Path) -> dict[str, str]:
    """What the file says; nothing when there is none.

    Raises:
        BadInput: the file is no TOML, or holds a key or a kind of value we do not know.
    """
    try:
        loaded: dict[str, object] = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput("settings_unreadable", path=str(path)) from error
    except OSError as error:
        raise BadInput("settings_unreadable", path=str(path)) from error
    found: dict[str, str] = {}
    for name, value in loaded.items():
        if name not in NAMES or name in _NOT_IN_FILE or not isinstance(value, str):
            raise BadInput("settings_unknown", path=str(path), key=name)
        found[name] = value
    return found


def write_settings(path: Path, **changes: str) -> None:
    """Change keys of the file, keeping the others; an empty text removes a key.

    Raises:
        BadInput: an unknown key, or a file that cannot be read (it is not overwritten).
        Trouble: the folder cannot be written.
    """
    unknown = [n for n in changes if n not in NAMES or n in _NOT_IN_FILE]
    if unknown:
        raise BadInput("settings_unknown", path=str(path), key=unknown[0])
    values = {**read_settings(path), **changes}
    lines = [f"{name} = {_quoted(values[name])}\n" for name in NAMES if values.get(name)]
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, "".join(lines).encode("utf-8"))


def _quoted(text: str) -> str:
    out = "".join(
        "\\" + c if c in '"\\' else (f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c) for c in text
    )
    return f'"{out}"'
