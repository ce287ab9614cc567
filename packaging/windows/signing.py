"""Signs launchers and installer with a given certificate; without one nothing is signed and it is said.

JOBDESK_SIGN_PFX names a PKCS#12 file, JOBDESK_SIGN_PASSWORD_FILE a file with its password (never the
password itself: it would stand in the list of processes), JOBDESK_SIGN_TIMESTAMP the address of a
time-stamping service. Where the key lies in a device or with a service, JOBDESK_SIGN_COMMAND is the command
that signs the file whose name follows; ``build.ps1`` sets it to signtool.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common.product import BuildFailed, product, run


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where the certificate lies, or the command that signs.

    Attributes:
        timestamp: may be empty: then signatures end with the certificate.
        command: words before the name of the file; empty to sign with ``pfx``.
    """

    pfx: Path = Path()
    password: Path | None = None
    timestamp: str = ""
    command: tuple[str, ...] = ()


def certificate(environment: Mapping[str, str] = os.environ) -> Certificate | None:
    """The one that was given.

    Raises:
        BuildFailed: a file that was named is not there.
    """
    command = environment.get("JOBDESK_SIGN_COMMAND")
    if command:
        return Certificate(command=tuple(shlex.split(command, posix=os.name != "nt")))
    named = environment.get("JOBDESK_SIGN_PFX")
    if not named:
        return None
    password = environment.get("JOBDESK_SIGN_PASSWORD_FILE")
    found = Certificate(
        Path(named).absolute(),
        Path(password).absolute() if password else None,
        environment.get("JOBDESK_SIGN_TIMESTAMP", ""),
    )
    for file in (found.pfx, found.password):
        if file is not None and not file.is_file():
            raise BuildFailed(f"{file} is not there; see packaging/windows/signing.py")
    return found


def sign(file: Path, given: Certificate | None) -> bool:
    """Sign the file in place; False when there is nothing to sign with."""
    if given is None:
        return False
    if given.command:
        run(*(word.strip('"') for word in given.command), file)
        return True
    signed = file.with_name(f"{file.name}.signed")
    signed.unlink(missing_ok=True)
    words: list[str | Path] = ["osslsigncode", "sign", "-h", "sha256", "-pkcs12", given.pfx]
    if given.password is not None:
        words += ["-readpass", given.password]
    if given.timestamp:
        words += ["-ts", given.timestamp]
    run(*words, "-n", product().product["name"], "-in", file, "-out", signed)
    signed.replace(file)
    return True


def verified(file: Path, authority: Path) -> bool:
    """Is the file as it was signed, by somebody below this authority (PEM)?"""
    try:
        said = run("osslsigncode", "verify", "-CAfile", authority, "-TSA-CAfile", authority, "-in", file)
    except BuildFailed:
        return False
    return "Signature verification: ok" in said
