import sys
import types

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from jobdesk.cases.errors import Trouble
from jobdesk.host import secrets
from jobdesk.host.secrets import KeyringSecrets, MemorySecrets, NoKeyring, open_secrets


class Ring(KeyringBackend):
    priority = 5  # pyright: ignore[reportAssignmentType]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = self.forgets = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if not self.forgets:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError
        del self.kept[service, username]


def test_round_trip_and_deleting_twice() -> None:
    store = KeyringSecrets("windows", Ring())
    store.write("a", "00")
    assert store.read("a") == "00"
    store.delete("a")
    store.delete("a")
    assert store.read("a") is None


def test_locked_store_is_trouble() -> None:
    ring = Ring()
    ring.locked = True
    with pytest.raises(Trouble) as trouble:
        KeyringSecrets("kwallet", ring).read("a")
    assert trouble.value.code == "keyring_unavailable"


def test_a_store_that_forgets_is_found_out() -> None:
    ring = Ring()
    ring.forgets = True
    with pytest.raises(Trouble):
        KeyringSecrets("windows", ring).write("a", "00")


def test_no_backend_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_load", lambda name: None)  # pyright: ignore[reportUnknownLambdaType]
    assert open_secrets() == NoKeyring("none")
    assert open_secrets("secret-service") == NoKeyring("changed", "secret-service")


def test_remembered_backend_is_never_silently_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    other = KeyringSecrets("kwallet", Ring())
    monkeypatch.setattr(secrets, "_load", {"kwallet": other}.get)
    assert open_secrets("secret-service") == NoKeyring("changed", "secret-service")
    assert open_secrets() is other


def test_null_and_plain_backends_are_unknown() -> None:
    assert open_secrets("null") == NoKeyring("unknown", "null")


def test_a_keyring_configured_to_null_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    found = open_secrets()
    assert isinstance(found, NoKeyring) or found.backend in secrets.ACCEPTED


def test_backend_class_is_loaded_and_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("ring_module")
    module.Ring = Ring  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ring_module", module)
    monkeypatch.setitem(secrets.ACCEPTED, "secret-service", ("ring_module", "Ring"))
    found = open_secrets("secret-service")
    assert not isinstance(found, NoKeyring)
    assert found.backend == "secret-service"


def test_memory() -> None:
    store = MemorySecrets()
    store.write("a", "b")
    assert store.read("a") == "b"
    store.delete("a")
    assert store.read("a") is None


def test_keyring_is_not_imported_at_start() -> None:
    import subprocess

    code = "import jobdesk.host.secrets, sys; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
