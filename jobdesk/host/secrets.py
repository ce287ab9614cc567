"""The credential store of the operating system, behind one small door.

Only backends that keep secrets encrypted under the person's login are accepted. Where there is none, that
is a *value* (``NoKeyring``) the caller shows; nothing ever falls back to a plain file or to a null backend.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol

from jobdesk.cases.errors import Trouble

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "jobdesk"

ACCEPTED: dict[str, tuple[str, str]] = {
    "windows": ("keyring.backends.Windows", "WinVaultKeyring"),
    "macos": ("keyring.backends.macOS", "Keyring"),
    "secret-service": ("keyring.backends.SecretService", "Keyring"),
    "kwallet": ("keyring.backends.kwallet", "DBusKeyring"),
}
"""Our name of the backend → module and class in keyring. Order is preference; the name is remembered."""


class Secrets(Protocol):
    """Short texts kept per account of the operating system."""

    @property
    def backend(self) -> str:
        """Name to remember in the settings, a key of ``ACCEPTED`` (or ``memory``)."""
        ...

    def read(self, name: str) -> str | None:
        """The secret, or None when this account has none under that name.

        Raises:
            Trouble: ``keyring_unavailable``, the store is locked or does not answer.
        """
        ...

    def write(self, name: str, secret: str) -> None:
        """Keep or replace a secret; it has been read back when this returns."""
        ...

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is fine."""
        ...


@dataclass(frozen=True, slots=True)
class NoKeyring:
    """This machine offers no credential store we trust.

    Attributes:
        reason: ``none`` no accepted backend works here; ``changed`` the one remembered is gone (another
            one may be there, but the secret is not in it); ``unknown`` the remembered name is not ours.
        wanted: the remembered name, or an empty text.
    """

    reason: Literal["none", "changed", "unknown"]
    wanted: str = ""


class KeyringSecrets:
    """A backend of the keyring library, chosen by us and not by its configuration files."""

    def __init__(self, name: str, ring: KeyringBackend) -> None:
        self._name = name
        self._ring = ring

    @property
    def backend(self) -> str:
        return self._name

    def _trouble(self, error: Exception) -> Trouble:
        return Trouble("keyring_unavailable", backend=self._name, error=type(error).__name__)

    def read(self, name: str) -> str | None:
        try:
            return self._ring.get_password(SERVICE, name)
        except _foreign() as error:
            raise self._trouble(error) from error

    def write(self, name: str, secret: str) -> None:
        try:
            self._ring.set_password(SERVICE, name, secret)  # pyright: ignore[reportUnknownMemberType]
            kept = self._ring.get_password(SERVICE, name)
        except _foreign() as error:
            raise self._trouble(error) from error
        if kept != secret:
            raise Trouble("keyring_unavailable", backend=self._name, error="not_kept")

    def delete(self, name: str) -> None:
        from keyring.errors import PasswordDeleteError

        try:
            self._ring.delete_password(SERVICE, name)
        except PasswordDeleteError:
            return
        except _foreign() as error:
            raise self._trouble(error) from error


class MemorySecrets:
    """Secrets of a test, or of one run."""

    backend = "memory"

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        return self.kept.get(name)

    def write(self, name: str, secret: str) -> None:
        self.kept[name] = secret

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


def open_secrets(remembered: str | None = None) -> Secrets | NoKeyring:
    """The credential store of this account.

    Args:
        remembered: the ``backend`` this station used before; it alone is tried then, because the secret of
            a station lies in one store only and silently changing stores looks like a lost key.
    """
    if remembered is not None:
        if remembered not in ACCEPTED:
            return NoKeyring("unknown", remembered)
        return _load(remembered) or NoKeyring("changed", remembered)
    for name in ACCEPTED:
        found = _load(name)
        if found is not None:
            return found
    return NoKeyring("none")


def _load(name: str) -> KeyringSecrets | None:
    module, class_name = ACCEPTED[name]
    if (name == "windows") != (sys.platform == "win32") or (name == "macos") != (sys.platform == "darwin"):
        return None
    try:
        kind: type[KeyringBackend] = getattr(import_module(module), class_name)
        return KeyringSecrets(name, kind()) if kind.viable else None
    except (ImportError, *_foreign()):
        return None


def _foreign() -> tuple[type[Exception], ...]:
    """What a backend raises: keyring's own tree, and what escapes from the libraries below it."""
    from keyring.errors import KeyringError

    found: list[type[Exception]] = [KeyringError, OSError, RuntimeError]
    storage = sys.modules.get("secretstorage.exceptions")
    if storage is not None:
        found.append(storage.SecretStorageException)
    bus = sys.modules.get("jeepney.wrappers")
    if bus is not None:
        found.append(bus.DBusErrorResponse)
    return tuple(found)
