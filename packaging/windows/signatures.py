"""Trusts CPython's files by their makers' signatures, whoever packed them.

Executables and libraries carry Authenticode signatures of the Python Software Foundation (or Microsoft, for
its runtime); the modules of the standard library are listed by their hashes in catalogues that the Foundation
signed.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from common.product import BuildFailed

MAKERS = ("CN=Python Software Foundation", "CN=Microsoft Corporation", "CN=Microsoft Windows")
ROOTS = os.environ.get("JOBDESK_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt")
CATALOGUES = ("DLLs/python_lib.cat",)
UNLISTED = {
    "xml/__init__.py": "8e7bc2b8a9974751e0bf0be8e8fd3c116fb0ed2ff2e372f693a7e3659a46f8dc",
}
"""What the catalogue of 3.11.9 leaves out, by hash; compared by eye with CPython's source."""


def verify_images(files: list[Path]) -> dict[str, str]:
    """Name of the signer by file name.

    Raises:
        BuildFailed: a file is unsigned, altered, or signed by somebody else.
    """
    with ThreadPoolExecutor(4) as pool:
        signers = list(pool.map(signer, files))
    return {file.name: found for file, found in zip(files, signers, strict=True)}


def signer(file: Path) -> str:
    """Who signed the file, after its digest was found to match.

    The chain ends at a root of Debian's for the Foundation; Microsoft's roots are not among those, so for its
    files the signature must be whole and the signer's name is what is compared (the file itself is pinned by
    the hash of the whole download too).
    """
    roots = ("-CAfile", ROOTS, "-TSA-CAfile", ROOTS)
    answer = _osslsigncode("verify", *_offline(), *roots, "-in", str(file))
    said = answer.stdout.decode("utf-8", "replace") + answer.stderr.decode("utf-8", "replace")
    digests = re.findall(r"(?:Current|Calculated) message digest\s*: *([0-9A-F]+)", said)
    if file.suffix != ".cat" and (len(digests) < 2 or digests[0] != digests[1]):
        raise BuildFailed(f"{file.name}: it is not what its signer signed")
    found = re.search(r"Signer's certificate:.*?Subject: ([^\n]+)", said, re.DOTALL)
    maker = next((m for m in MAKERS if found and m in found[1]), None)
    if maker is None:
        raise BuildFailed(f"{file.name}: signed by nobody we know ({found[1] if found else 'unsigned'})")
    if maker == MAKERS[0] and answer.returncode != 0 and "Signature verification: ok" not in said:
        raise BuildFailed(f"{file.name}: its signature does not verify\n{said[-800:]}")
    return maker.removeprefix("CN=")


@functools.cache
def _offline() -> tuple[str, ...]:
    """Do not ask the network for revocations: a build must give the same answer everywhere."""
    answer = _osslsigncode("verify", "--help")
    return ("-ignore-crl",) if b"-ignore-crl" in answer.stdout + answer.stderr else ()


def _osslsigncode(*words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["osslsigncode", *words], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise BuildFailed("osslsigncode is not installed: run packaging/setup.sh") from error


def verify_sources(python: Path, modules: list[str]) -> None:
    """Every module (path below Lib) is listed in a signed catalogue; an empty one needs none.

    Raises:
        BuildFailed: a catalogue is not the Foundation's, or a module is not the one it lists.
    """
    listed = b""
    for name in CATALOGUES:
        catalogue = python / name
        if signer(catalogue) != "Python Software Foundation":
            raise BuildFailed(f"{name} is not the Python Software Foundation's")
        listed += catalogue.read_bytes()
    known = listed + b"".join(bytes.fromhex(digest) for digest in UNLISTED.values())
    wrong = [m for m in modules if not _listed((python / "Lib" / m).read_bytes(), known)]
    if wrong:
        raise BuildFailed(f"not the standard library that was signed: {', '.join(wrong[:10])}")


def _listed(source: bytes, catalogue: bytes) -> bool:
    return not source or hashlib.sha256(source).digest() in catalogue
