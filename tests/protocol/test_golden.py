"""The museum's messages: every message, body, signature and carried file of a version, as bytes, for ever.

Both sides read what stands there. A later version adds a file of its own; a new message of this one, a line.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from jobdesk.protocol import carried, codes, messages
from jobdesk.protocol.bodies import read_body, write_lines
from jobdesk.protocol.carried import cut, read_head
from jobdesk.protocol.limits import PROTOCOL, SPOKEN
from jobdesk.protocol.messages import Message
from jobdesk.protocol.sealing import unseal
from jobdesk.protocol.signing import public_of, request_bytes, sign, verify

MUSEUM = Path(__file__).parents[1] / "museum"
FROZEN: dict[str, str] = {
    "messages-v1.jsonl": "b4cc284f7873d5224cc5418e847673e5366ce193f6a91fd6593b919e68d039c8"
}
"""File → SHA-256 of it. A line is added here for a new file; none is changed once a release spoke it."""

KINDS: dict[str, type[Message]] = {
    name: kind
    for module in (messages, carried)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, Message) and kind is not Message
}


def exhibits(what: str, version: int | None = None) -> list[dict[str, Any]]:
    """Rows of all files, or of one version's, that show this."""
    pattern = "messages-v*.jsonl" if version is None else f"messages-v{version}*.jsonl"
    lines = [x for f in sorted(MUSEUM.glob(pattern)) for x in f.read_text("utf-8").split("\n") if x]
    return [row for row in map(json.loads, lines) if what in row]


def names(rows: list[dict[str, Any]], what: str) -> list[str]:
    return [str(row[what]) for row in rows]


each_message = pytest.mark.parametrize(
    "shown", exhibits("message"), ids=names(exhibits("message"), "message")
)


def test_nobody_touched_the_messages() -> None:
    assert {f.name: sha256(f.read_bytes()).hexdigest() for f in MUSEUM.glob("messages-v*.jsonl")} == FROZEN


def test_every_version_spoken_is_in_the_museum_and_the_newest_shows_every_message() -> None:
    assert all(exhibits("message", version) for version in SPOKEN)
    assert {row["message"] for row in exhibits("message", PROTOCOL)} == KINDS.keys()


@each_message
def test_a_message_reads_and_says_what_it_said(shown: dict[str, Any]) -> None:
    read = KINDS[shown["message"]].model_validate_json(shown["bytes"])
    said = json.loads(read.model_dump_json(exclude_none=True))
    assert within(json.loads(shown["bytes"]), said), "a key that was sent is no longer understood"


@each_message
def test_every_key_of_a_message_is_shown(shown: dict[str, Any]) -> None:
    """What is optional stands in the exhibit too; else nobody would notice when it is read no longer."""
    hidden = KINDS[shown["message"]].model_fields.keys() - json.loads(shown["bytes"]).keys()
    assert hidden <= {"number"}, "``number`` of a TransferAsk stands for ``subject``"


@each_message
def test_keys_of_tomorrow_are_passed_over(shown: dict[str, Any]) -> None:
    kind = KINDS[shown["message"]]
    more = json.dumps({**json.loads(shown["bytes"]), "of_tomorrow": {"x": [1, None]}})
    assert kind.model_validate_json(more) == kind.model_validate_json(shown["bytes"])


@pytest.mark.parametrize("shown", exhibits("body"), ids=names(exhibits("body"), "body"))
def test_a_body_reads_line_by_line(shown: dict[str, Any]) -> None:
    kind = KINDS[shown["head"]]
    head, lines = read_body(bytes.fromhex(shown["bytes"]), kind)
    assert [x.decode() for x in lines] == shown["lines"]
    (alone,) = [row for row in exhibits("message") if row["message"] == shown["head"]]
    assert head == kind.model_validate_json(alone["bytes"])
    assert read_body(write_lines(head, lines), kind) == (head, lines)


@pytest.mark.parametrize("shown", exhibits("signed"), ids=names(exhibits("signed"), "signed"))
def test_a_signature_is_still_the_same(shown: dict[str, Any]) -> None:
    key = bytes.fromhex(shown["key"])
    said = request_bytes(shown["method"], shown["path"], shown["content"].encode(), shown["nonce"])
    assert sign(key, said) == shown["signature"] and verify(public_of(key), said, shown["signature"])


@pytest.mark.parametrize("shown", exhibits("carried"), ids=names(exhibits("carried"), "carried"))
def test_a_file_on_a_stick_still_opens(shown: dict[str, Any]) -> None:
    letter = unseal(bytes.fromhex(shown["bytes"]), bytes.fromhex(shown["private"]))
    assert letter.is_by(bytes.fromhex(shown["by"])) and letter.envelope.exchange == shown["exchange"]
    head, rest = read_head(letter.content, KINDS[shown["head"]])
    parts = head.asks if isinstance(head, carried.CarriedHead) else head.replies  # type: ignore[attr-defined]
    (body,) = cut(rest, [p.size for p in parts])
    (alone,) = [row for row in exhibits("message") if row["message"] == shown["head"]]
    assert head == KINDS[shown["head"]].model_validate_json(alone["bytes"])
    if shown["carried"] == "out":
        assert read_body(body, messages.PushHead)[0].count == 3
    else:
        assert messages.PushAnswer.model_validate_json(body).acked.seq == 7


def test_no_word_of_the_protocol_was_taken_back() -> None:
    for row in exhibits("words"):
        for kind, words in row["words"].items():
            assert set(words) <= {w.value for w in getattr(codes, kind)}


def within(shown: object, said: object) -> bool:
    """All that was shown is said; newer keys beside it may be."""
    if isinstance(shown, dict) and isinstance(said, dict):
        return all(k in said and within(v, said[k]) for k, v in shown.items())
    if isinstance(shown, list) and isinstance(said, list):
        return len(shown) == len(said) and all(map(within, shown, said))
    return shown == said
