"""Shows that signing works, with a certificate made for the moment.

What is signed verifies, one changed byte does not, and a stranger's signature does not.
"""

from __future__ import annotations

import datetime
import shutil
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from windows.signing import Certificate, sign, verified


def signing_faults(*files: Path) -> list[str]:
    """Sign copies of the files and see; empty when all is well."""
    said: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        ours, authority = make_certificate(place, "jobdesk proof")
        _, stranger = make_certificate(place, "a stranger")
        for file in files:
            copy = place / file.name
            shutil.copyfile(file, copy)
            sign(copy, ours)
            if not verified(copy, authority):
                said.append(f"{file.name}: its signature does not verify")
            if verified(copy, stranger):
                said.append(f"{file.name}: a stranger's signature is taken")
            data = bytearray(copy.read_bytes())
            data[len(data) // 3] ^= 1
            copy.write_bytes(data)
            if verified(copy, authority):
                said.append(f"{file.name}: a changed byte is not noticed")
    return said


def make_certificate(place: Path, name: str) -> tuple[Certificate, Path]:
    """A self-signed code-signing certificate of one hour: PKCS#12 with its password's file, and PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
        .sign(key, hashes.SHA256())
    )
    stem = name.replace(" ", "-")
    pfx, pem, password = place / f"{stem}.pfx", place / f"{stem}.pem", place / f"{stem}.txt"
    password.write_text("for-the-moment", "ascii")
    lock = serialization.BestAvailableEncryption(b"for-the-moment")
    pfx.write_bytes(pkcs12.serialize_key_and_certificates(name.encode(), key, made, None, lock))
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return Certificate(pfx, password), pem
