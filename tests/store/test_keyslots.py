import contextlib
import json
import os
import stat
from pathlib import Path

import pytest
from disk_faults import FailingDisk

from jobdesk.cases.errors import BadInput, DamagedFile, Refused, Trouble, WrongKey
from jobdesk.host.secrets import MemorySecrets
from jobdesk.store.keyslots import (
    CreatedKey,
    add_account_slot,
    add_key_file_slot,
    create,
    list_slots,
    open_with_account,
    open_with_key_file,
    open_with_recovery,
    remove_slot,
    replace_recovery,
)
from jobdesk.store.slot_file import read_keyslots
from jobdesk.store.wrapping import subkey, unwrap


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keyslots.json"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "key"


@pytest.fixture
def made(path: Path, key_file: Path) -> CreatedKey:
    return create(path, now_ms=1, key_file=key_file)


def test_every_way_in_gives_the_same_key(path: Path, key_file: Path, made: CreatedKey) -> None:
    assert len(made.key) == 32
    assert open_with_key_file(path, key_file).key == made.key
    assert open_with_recovery(path, made.recovery.text.lower()).key == made.key
    with pytest.raises(WrongKey) as wrong:
        open_with_account(path, MemorySecrets())
    assert wrong.value.code == "no_slot_for_account"


def test_two_accounts_of_one_pc(path: Path) -> None:
    first, second = MemorySecrets(), MemorySecrets()
    made = create(path, now_ms=1, secrets=first)
    with pytest.raises(WrongKey):
        open_with_account(path, second)
    once = open_with_recovery(path, made.recovery.text)
    add_account_slot(path, once.key, second, now_ms=2)
    assert open_with_account(path, second).key == made.key
    assert open_with_account(path, first).key == made.key
    assert [s.kind for s in list_slots(path)] == ["recovery", "account", "account"]


def test_a_second_slot_of_the_same_account_replaces_the_first(path: Path) -> None:
    secrets = MemorySecrets()
    made = create(path, now_ms=1, secrets=secrets)
    add_account_slot(path, made.key, secrets, now_ms=2)
    assert len(list_slots(path)) == 2
    assert len(secrets.kept) == 1
    assert open_with_account(path, secrets).key == made.key


def test_keys_are_nowhere_in_the_clear(tmp_path: Path, path: Path, made: CreatedKey, key_file: Path) -> None:
    opened = open_with_key_file(path, key_file)
    for text in (repr(made), repr(opened), str(made), path.read_text()):
        assert made.key.hex() not in text
        assert repr(made.key) not in text
        assert made.recovery.text not in text
    assert made.key.hex() not in key_file.read_text()


def test_modes(path: Path, key_file: Path, made: CreatedKey) -> None:
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert len(key_file.read_text().strip()) == 64


def test_another_account_can_read_the_slots(path: Path, key_file: Path) -> None:
    old = os.umask(0o022)
    try:
        create(path, now_ms=1, key_file=key_file)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_key_file_others_may_read_is_refused(path: Path, key_file: Path, made: CreatedKey, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(Refused) as refused:
        open_with_key_file(path, key_file)
    assert refused.value.code == "key_file_open"


def test_missing_and_malformed_key_files(path: Path, key_file: Path, made: CreatedKey) -> None:
    for content in (b"", b"x", b"0" * 63, b"0" * 65, b"G" * 64, b"0" * 64 + b"\n\n"):
        key_file.write_bytes(content)
        with pytest.raises(Refused) as refused:
            open_with_key_file(path, key_file)
        assert refused.value.code == "key_file_malformed"
    key_file.unlink()
    with pytest.raises(Refused) as refused:
        open_with_key_file(path, key_file)
    assert refused.value.code == "key_file_missing"
    assert not key_file.exists()


def test_key_file_of_another_station(tmp_path: Path, path: Path, made: CreatedKey) -> None:
    create(tmp_path / "other.json", now_ms=1, key_file=tmp_path / "other")
    with pytest.raises(WrongKey):
        open_with_key_file(path, tmp_path / "other")
    with pytest.raises(WrongKey):
        open_with_recovery(tmp_path / "other.json", made.recovery.text)


def test_nothing_is_overwritten(path: Path, key_file: Path, made: CreatedKey, tmp_path: Path) -> None:
    before = path.read_bytes(), key_file.read_bytes()
    with pytest.raises(Refused):
        create(path, now_ms=1, key_file=tmp_path / "new")
    with pytest.raises(Refused) as refused:
        create(tmp_path / "new.json", now_ms=1, key_file=key_file)
    assert refused.value.code == "key_file_exists"
    assert (path.read_bytes(), key_file.read_bytes()) == before
    assert not (tmp_path / "new").exists()


def test_slip_in_the_code(path: Path, made: CreatedKey) -> None:
    groups = list(made.recovery.groups)
    groups[4] = ("3" if groups[4][0] != "3" else "4") + groups[4][1:]
    with pytest.raises(BadInput) as bad:
        open_with_recovery(path, "-".join(groups))
    assert bad.value.params["groups"] == [5]


def test_replaced_recovery_code(path: Path, made: CreatedKey) -> None:
    fresh = replace_recovery(path, made.key, now_ms=2)
    assert open_with_recovery(path, fresh.text).key == made.key
    with pytest.raises(WrongKey):
        open_with_recovery(path, made.recovery.text)
    path.unlink()
    with pytest.raises(WrongKey):
        open_with_recovery(path, made.recovery.text)


def test_removing_slots(path: Path, made: CreatedKey, tmp_path: Path) -> None:
    slot = add_key_file_slot(path, made.key, tmp_path / "second", now_ms=2)
    remove_slot(path, made.key, slot)
    with pytest.raises(WrongKey):
        open_with_key_file(path, tmp_path / "second")
    recovery = next(s for s in list_slots(path) if s.kind == "recovery")
    with pytest.raises(Refused):
        remove_slot(path, made.key, recovery.slot_id)


def test_only_the_right_key_changes_slots(path: Path, made: CreatedKey) -> None:
    with pytest.raises(WrongKey):
        add_account_slot(path, bytes(32), MemorySecrets(), now_ms=1)


def test_every_flipped_bit_is_told_and_the_copy_read(path: Path, key_file: Path, made: CreatedKey) -> None:
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        held = read_keyslots(path)
        try:
            same = json.loads(path.read_bytes()) == json.loads(whole)
        except ValueError:
            same = False
        assert held.from_bak is not same  # a flipped blank between tokens changes nothing
        assert open_with_key_file(path, key_file).key == made.key


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"{", b"\xff", b'{"sha256":1}'])
def test_both_copies_damaged(path: Path, key_file: Path, made: CreatedKey, content: bytes) -> None:
    path.write_bytes(content)
    path.with_name(path.name + ".bak").write_bytes(content)
    with pytest.raises(DamagedFile) as damaged:
        open_with_key_file(path, key_file)
    assert damaged.value.code == "keyslots_damaged"


def test_missing(path: Path, tmp_path: Path) -> None:
    with pytest.raises(DamagedFile) as damaged:
        read_keyslots(path)
    assert damaged.value.code == "keyslots_missing"


def test_a_slot_cannot_be_relabelled(path: Path, key_file: Path, made: CreatedKey) -> None:
    held = read_keyslots(path)
    slot = next(s for s in held.slots if s.kind == "keyfile")
    secret = bytes.fromhex(key_file.read_text().strip())
    assert unwrap(slot, secret, held.file_id) == made.key
    assert unwrap(slot, secret, "0" * 32) is None


def test_subkeys_differ(made: CreatedKey) -> None:
    assert len({made.key, subkey(made.key, "journal"), subkey(made.key, "attachments")}) == 3


def test_failing_disk_at_every_call_of_a_change(path: Path, key_file: Path, made: CreatedKey) -> None:
    for n in range(1, 100):
        disk = FailingDisk(n)
        with disk.installed(), contextlib.suppress(Trouble):
            replace_recovery(path, made.key, now_ms=n)
        assert open_with_key_file(path, key_file).key == made.key
        assert not list(path.parent.glob("*.part"))
        if disk.failed is None:
            assert n > 6
            return
    raise AssertionError("never came through")


def test_failing_disk_at_every_call_of_a_creation(tmp_path: Path) -> None:
    for n in range(1, 100):
        folder = tmp_path / str(n)
        folder.mkdir()
        disk = FailingDisk(n)
        try:
            with disk.installed():
                made = create(folder / "keyslots.json", now_ms=1, key_file=folder / "key")
        except Trouble:
            assert list(folder.iterdir()) == []
            continue
        assert open_with_key_file(folder / "keyslots.json", folder / "key").key == made.key
        if disk.failed is None:
            assert n > 8
            return
    raise AssertionError("never came through")


def test_a_locked_credential_store_leaves_nothing(path: Path) -> None:
    class Locked(MemorySecrets):
        def write(self, name: str, secret: str) -> None:
            raise Trouble("keyring_unavailable")

    with pytest.raises(Trouble):
        create(path, now_ms=1, secrets=Locked())
    assert not path.exists()


def test_key_file_is_private_from_its_first_moment(key_file: Path, path: Path) -> None:
    old = os.umask(0)
    try:
        create(path, now_ms=1, key_file=key_file)
    finally:
        os.umask(old)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
