"""Whose signed packs this machine takes in: keys named by IT, and keys added in the settings file."""

from __future__ import annotations

from jobdesk.cases.errors import BadInput, Refused
from jobdesk.host.publisher_key import PublisherKey, parse_publisher
from jobdesk.host.settings_file import AppConfig, write_settings

_BETWEEN = ";"


def in_force(config: AppConfig, *, machine_only: bool = False) -> tuple[PublisherKey, ...]:
    """The publishers whose signature counts, IT's first; each key once, under IT's name for it.

    Args:
        machine_only: leave out the settings file. Updates of the program ask so: the file lies in a folder
            that clerks may write.
    """
    named = {k.key_id: k for k in config.policy.publishers}
    if not machine_only and config.policy.value("only_publishers") != "on":
        for key in of_settings(config):
            named.setdefault(key.key_id, key)
    return tuple(named.values())


def of_settings(config: AppConfig) -> tuple[PublisherKey, ...]:
    """Those of the settings file; a piece that is no key is left out (``unreadable`` counts them)."""
    return _read(config)[0]


def unreadable(config: AppConfig) -> int:
    """How many pieces of the setting are no key."""
    return _read(config)[1]


def _read(config: AppConfig) -> tuple[tuple[PublisherKey, ...], int]:
    found: list[PublisherKey] = []
    bad = 0
    for piece in config.publishers.split(_BETWEEN):
        if piece.strip():
            try:
                found.append(parse_publisher(piece))
            except BadInput:
                bad += 1
    return tuple(found), bad


def trust(config: AppConfig, key: PublisherKey) -> None:
    """Add a publisher to the settings file; the same key again takes the new name.

    Raises:
        Refused: ``publishers_by_policy``: IT alone names publishers here.
        BadInput: ``publisher_key_malformed``: a name that cannot be written down.
        Trouble: the settings cannot be written.
    """
    _refuse_locked(config)
    if _BETWEEN in key.name or "=" in key.name or not key.name.isprintable():
        raise BadInput("publisher_key_malformed", name=key.name[:40])
    others = [k for k in of_settings(config) if k.key_id != key.key_id]
    write_settings(config.paths.settings, publishers=_BETWEEN.join(k.text for k in (*others, key)))


def distrust(config: AppConfig, key_id: str) -> None:
    """Take a publisher out of the settings file.

    Raises:
        Refused: ``publisher_of_policy``: IT has named it; ``publisher_unknown``: there is none such.
    """
    if any(k.key_id == key_id for k in config.policy.publishers):
        raise Refused("publisher_of_policy", key_id=key_id)
    kept = [k for k in of_settings(config) if k.key_id != key_id]
    if len(kept) == len(of_settings(config)):
        raise Refused("publisher_unknown", key_id=key_id)
    write_settings(config.paths.settings, publishers=_BETWEEN.join(k.text for k in kept))


def _refuse_locked(config: AppConfig) -> None:
    if config.policy.value("only_publishers") == "on":
        raise Refused("publishers_by_policy")
