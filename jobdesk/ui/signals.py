"""Signals that a type checker understands: one payload each, a frozen value or an id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import Signal

P = TypeVar("P")


class TypedSignal(Protocol[P]):
    """A signal with one payload. Declare it as ``chosen: TypedSignal[str] = signal()``."""

    def connect(self, slot: Callable[[P], object], /) -> object: ...
    def disconnect(self, slot: Callable[[P], object], /) -> object: ...
    def emit(self, payload: P, /) -> None: ...


class BareSignal(Protocol):
    """A signal without payload. Declare it as ``closed: BareSignal = bare_signal()``."""

    def connect(self, slot: Callable[[], object], /) -> object: ...
    def disconnect(self, slot: Callable[[], object], /) -> object: ...
    def emit(self) -> None: ...


def signal() -> Any:
    """The Qt signal behind a ``TypedSignal`` declaration."""
    return Signal(object)


def bare_signal() -> Any:
    """The Qt signal behind a ``BareSignal`` declaration."""
    return Signal()
