"""The enrolment code that IT has left on this machine: marked as used, and taken away where rights allow.

Windows: the installer lets users wipe the key of the code. Linux: ``/etc/jobdesk/policy.json`` belongs to the
administrator as a rule; then the code stays, is of no use to anybody (it worked once and for 24 hours), and
the selftest says so.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Literal

from jobdesk.cases.errors import JobdeskError
from jobdesk.host import policy_settings
from jobdesk.host.disk import replace_file
from jobdesk.host.policy_settings import ENROLMENT_IN_FILE, ENROLMENT_KEY, ENROLMENT_VALUE

Left = Literal["none", "wiped", "left"]
MARK_NAME = "enrolment-used.txt"


def mark_used(data: Path, code: str) -> None:
    """Remember beside the station file that this code is of no more use. Never raises."""
    with contextlib.suppress(OSError, JobdeskError):
        replace_file(data / MARK_NAME, (_print(code) + "\n").encode("ascii"))


def is_used(data: Path, code: str) -> bool:
    """Whether a machine at this folder has used the code, or was told that it does not work."""
    try:
        return (data / MARK_NAME).read_text("ascii").strip() == _print(code)
    except (OSError, UnicodeDecodeError):
        return False


def _print(code: str) -> str:
    """Seventy random bits: what is hashed cannot be guessed back, and is worth nothing any more."""
    return hashlib.sha256(b"jobdesk enrolment\n" + code.encode("ascii", "replace")).hexdigest()


if sys.platform == "win32":
    WHERE = rf"HKLM\{ENROLMENT_KEY} {ENROLMENT_VALUE}"

    def wipe() -> Left:
        """Take the code out of the registry."""
        import winreg

        access = winreg.KEY_SET_VALUE | winreg.KEY_WOW64_64KEY
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, ENROLMENT_KEY, access=access) as key:
                winreg.DeleteValue(key, ENROLMENT_VALUE)
        except FileNotFoundError:
            return "none"
        except OSError:
            return "left"
        return "wiped"

else:
    WHERE = f"{policy_settings.POLICY_FILE} {ENROLMENT_IN_FILE}"

    def wipe() -> Left:
        """Take the code out of the policy file; everything else in it stays."""
        file = policy_settings.POLICY_FILE
        try:
            raw: Any = json.loads(file.read_text("utf-8-sig"))
        except FileNotFoundError:
            return "none"
        except (OSError, ValueError, RecursionError):
            return "left"
        if not isinstance(raw, dict) or ENROLMENT_IN_FILE not in raw:
            return "none"
        kept = {k: v for k, v in raw.items() if k != ENROLMENT_IN_FILE}  # pyright: ignore[reportUnknownVariableType]
        try:
            mode = file.stat().st_mode & 0o777
            replace_file(file, (json.dumps(kept, ensure_ascii=False, indent=2) + "\n").encode(), mode=mode)
        except (OSError, JobdeskError):
            return "left"
        return "wiped"
