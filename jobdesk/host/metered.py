"""Whether this machine's line is paid by volume, as its owner told the system. Unknown counts as not."""

from __future__ import annotations

import subprocess
import sys

_PROFILES = r"SOFTWARE\Microsoft\DusmSvc\Profiles"
_METERED = 2
"""``UserCost`` of a network that somebody set to 按流量计费的连接 in Windows' settings."""

if sys.platform == "win32":
    import winreg

    def is_metered() -> bool:
        """Whether any network of this machine is set so; Windows keeps it per network and interface."""
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _PROFILES) as profiles:
                return any(_cost(profiles, name) for name in _names(profiles))
        except OSError:
            return False

    def _names(key: winreg.HKEYType) -> list[str]:
        return [winreg.EnumKey(key, n) for n in range(winreg.QueryInfoKey(key)[0])]

    def _cost(profiles: winreg.HKEYType, name: str) -> bool:
        with winreg.OpenKey(profiles, name) as profile:
            for inner in _names(profile):
                try:
                    with winreg.OpenKey(profile, inner) as found:
                        if winreg.QueryValueEx(found, "UserCost")[0] == _METERED:
                            return True
                except OSError:
                    continue
        return False

else:

    def is_metered() -> bool:
        """As NetworkManager says of the line in use; a guess of its own counts too."""
        try:
            told = subprocess.run(
                ["nmcli", "--get-values", "GENERAL.METERED", "device", "show"],
                capture_output=True, text=True, timeout=2, check=False,
            ).stdout  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return False
        return any(line.strip().startswith("yes") for line in told.splitlines())
