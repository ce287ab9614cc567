"""The device's key pair: made here, kept in the encrypted file, never sent."""

from __future__ import annotations

from jobdesk.protocol.signing import new_device_key
from jobdesk.store import sync_facts
from jobdesk.store.station_file import StationFile, Writing


def key_for_enrolment(file: StationFile) -> bytes:
    """The key an enrolment brings: the same at every try, since an answer may have been lost."""

    def job(w: Writing) -> bytes:
        found = sync_facts.get(w.con, "device_key_new")
        if not found:
            found = new_device_key().hex()
            sync_facts.put(w.con, "device_key_new", found)
        return bytes.fromhex(found)

    return file.write(job).result()


def device_key(file: StationFile) -> bytes:
    """The key of the enrolled device; empty before enrolment."""
    return bytes.fromhex(file.read(lambda con: sync_facts.get(con, "device_key")).result())
