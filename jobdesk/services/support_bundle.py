"""A file for whoever helps: versions, the selftest's codes, the logs; no name, number, payload or path.

What may be in it is named, never what may not: of the selftest the codes and counts, of a log line our own
message after another redaction, of a traceback the frames and the class of the error without its words.
"""

from __future__ import annotations

import io
import json
import platform
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path

from jobdesk import __version__
from jobdesk.cases.clock import Clock, local_datetime
from jobdesk.host.log import LOG_NAME, redact
from jobdesk.host.settings_file import AppConfig
from jobdesk.host.strings import text
from jobdesk.services.selftest import Line
from jobdesk.services.session import this_account

LIBRARIES = (
    "PySide6-Essentials", "SQLAlchemy", "sqlmodel", "sqlcipher3", "reportlab", "keyring", "python-calamine",
    "XlsxWriter", "pypdfium2", "pypinyin", "cryptography", "httpx", "platformdirs",
)  # fmt: skip
_ENTRY = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\S* [A-Z]+ [\w.]+ ")
_FRAME = re.compile(r'\s*File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<where>[\w<>.]+)')
_OURS = "Refused|BadInput|Trouble|DiskFull|FileLocked|WrongKey|DamagedFile|ReadOnly|MissingText|MissingAsset"
_RAISED = re.compile(rf"(?P<kind>[A-Za-z_][\w.]*(?:Error|Exception|Exit)|(?:[\w.]*\.)?(?:{_OURS}))\b")
_KEPT = (
    "Traceback (most recent call last):", "During handling of the above exception",
    "The above exception was the direct cause",
)  # fmt: skip
_PATH_PARAM = re.compile(r"\b(path|file|folder|where|holder)=[^,)]*")
_PATH = re.compile(r"""(?:[A-Za-z]:[\\/]|\\\\|(?<![\w<])/)[^\s"',()]+""")
_QUOTED = re.compile(r"""(["'])(?:(?!\1).){2,}\1""")


def support_bundle(config: AppConfig, clock: Clock, lines: Sequence[Line]) -> bytes:
    """The zip. ``lines`` are those of a selftest just made."""
    made = local_datetime(clock.now_ms())
    parts: dict[str, bytes] = {
        text("bundle.readme_name"): text("bundle.readme", when=f"{made:%Y-%m-%d %H:%M}").encode("utf-8-sig"),
        "versions.json": _json(_versions(lines)),
        "selftest.json": _json(
            [{"name": x.name, "state": x.state, "code": x.code, "numbers": x.numbers} for x in lines]
        ),
        "settings.json": _json(_settings(config)),
        "files.json": _json(_files(config)),
    }
    parts |= {f"logs/{name}": log for name, log in _logs(config)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in parts.items():
            zipped.writestr(zipfile.ZipInfo(name, made.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def bundle_name(clock: Clock) -> str:
    """jobdesk-support-20261121-0905.zip."""
    return f"jobdesk-support-{local_datetime(clock.now_ms()):%Y%m%d-%H%M}.zip"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")


def _versions(lines: Sequence[Line]) -> Mapping[str, object]:
    found: dict[str, object] = {
        "jobdesk": __version__, "python": platform.python_version(), "system": platform.system(),
        "release": platform.release(), "machine": platform.machine(),
    }  # fmt: skip
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    for line in lines:
        found |= {k: v for k, v in line.numbers.items() if k in ("cipher", "sqlite")}
    return found


def _settings(config: AppConfig) -> Mapping[str, object]:
    """Which settings stand where, without the values: they name folders, servers and units."""
    return {
        "origins": {name: origin for name, _value, origin in config.shown()},
        "policy": {m.name: m.origin for m in config.policy.values.values()},
        "publishers": [k.key_id for k in config.policy.publishers],
        "enrolment": config.policy.enrolment is not None,
        "complaints": [{"origin": c.origin, "reason": c.reason} for c in config.policy.complaints],
    }


def _files(config: AppConfig) -> Mapping[str, object]:
    """Sizes and counts of what lies in the folders; names of ours only."""
    paths = config.paths
    return {
        "station": _size(paths.station), "keyslots": _size(paths.keyslots),
        "journal": _count(paths.journal, "*.jdj"), "backups": _count(paths.backups, "*.jdbk"),
        "second": paths.second is not None, "second_is_same_disk": paths.second_is_same_disk,
    }  # fmt: skip


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _count(folder: Path, pattern: str) -> Mapping[str, int]:
    sizes = [_size(f) or 0 for f in folder.glob(pattern)]
    return {"files": len(sizes), "bytes": sum(sizes)}


def _logs(config: AppConfig) -> Iterator[tuple[str, bytes]]:
    """The log and its predecessors, line by line through the sieve."""
    names = this_machines_names(config)
    for file in sorted(config.paths.logs.glob(f"{LOG_NAME}*")):
        try:
            raw = file.read_text("utf-8", "replace")
        except OSError:
            continue
        yield file.name, "".join(f"{line}\n" for line in sieved(raw.splitlines(), names)).encode("utf-8")


def this_machines_names(config: AppConfig) -> tuple[str, ...]:
    """What would tell whose PC this is: account, machine, home; the longest first."""
    found = {this_account(), platform.node(), str(Path.home()), config.data, config.second}
    return tuple(sorted((n for n in found if len(n) > 2), key=len, reverse=True))


def sieved(lines: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """Log lines as they may leave the machine; what is of no known shape is left out."""
    for line in lines:
        if head := _ENTRY.match(line):
            yield head.group() + _plain(line[head.end() :], names)
        elif frame := _FRAME.match(line):
            yield f'  File "{_module(frame["file"])}", line {frame["line"]}, in {frame["where"]}'
        elif line.strip().startswith(_KEPT):
            yield line.strip()
        elif raised := _RAISED.match(line):
            yield raised["kind"]


def _module(file: str) -> str:
    """A source file from the package on: what stands before it names folders of the machine."""
    parts = re.split(r"[\\/]+", file)
    for anchor in ("jobdesk", "site-packages", "lib", "Lib"):
        if anchor in parts[:-1]:
            at = len(parts) - 1 - parts[::-1].index(anchor)
            return redact("/".join(parts[at:]))
    return redact(parts[-1])


def _plain(message: str, names: Sequence[str]) -> str:
    for name in names:
        message = message.replace(name, "<here>")
    message = _PATH_PARAM.sub(r"\1=<path>", message)
    return redact(_PATH.sub("<path>", _QUOTED.sub("<text>", message)))
