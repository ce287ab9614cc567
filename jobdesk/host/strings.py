"""Every text a user sees, by key.

``resources/strings/zh_CN.toml`` holds tables; a key joins their names with dots
(``error.wrong_key``). The file is read once, at the first question.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from jobdesk.host import assets

CATALOGUE = "strings/zh_CN.toml"


class MissingText(KeyError):
    """No sentence under this key, or it wants a parameter that was not given.

    Attributes:
        key: the full dotted key that was asked for.
    """

    def __init__(self, key: str, missing: str | None = None) -> None:
        super().__init__(key if missing is None else f"{key} needs {{{missing}}}")
        self.key = key


@functools.cache
def _catalogue() -> Mapping[str, str]:
    flat: dict[str, str] = {}
    _flatten("", assets.toml(CATALOGUE), flat)
    return MappingProxyType(flat)


def _flatten(prefix: str, table: Mapping[str, Any], into: dict[str, str]) -> None:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            _flatten(f"{key}.", value, into)  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(value, str):
            into[key] = value
        else:
            raise TypeError(f"{CATALOGUE}: {key} is not a text")


def text(key: str, /, **params: object) -> str:
    """The sentence under ``key`` with its ``{placeholders}`` filled.

    Raises:
        MissingText: unknown key, or a placeholder without a value. Values too many are ignored.
    """
    try:
        sentence = _catalogue()[key]
    except KeyError:
        raise MissingText(key) from None
    if "{" not in sentence and "}" not in sentence:
        return sentence
    try:
        return sentence.format(**params)
    except (KeyError, IndexError) as fault:
        raise MissingText(key, str(fault.args[0])) from None


def has(key: str) -> bool:
    return key in _catalogue()


@functools.cache
def section(key: str) -> Mapping[str, str]:
    """All sentences below ``key``, by the rest of their key, in the order of the file.

    Raises:
        MissingText: nothing lies below it.
    """
    prefix = f"{key}."
    found = {k.removeprefix(prefix): v for k, v in _catalogue().items() if k.startswith(prefix)}
    if not found:
        raise MissingText(key)
    return MappingProxyType(found)
