"""The line between a PC and the province: what is lost, cut, repeated, delayed, out of order; and who comes between."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from jobdesk.sync.transport import Answered, no_line
from tools.sim.server import Server, ServerDied

FAULTS = (
    "lost", "answer_lost", "answer_cut", "ask_cut", "twice", "delayed", "ghost", "old_answer", "server_dies",
)  # fmt: skip


MOST_REQUESTS = 2000
"""Own figure: pages of one byte of the largest world come to some hundred."""


MOST_OF_A_SEED = 20_000
"""Own figure: the largest seeds ask some thousand times."""


class EndlessExchange(Exception):
    """L1: an exchange, or a seed, that goes on for ever."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A request as it was sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Line:
    """What several PCs share: letters that may still arrive, and answers that may come again."""

    server: Server
    ghosts: list[Letter] = field(default_factory=list[Letter])
    carried: int = 0
    watch: Callable[[Letter, Answered], None] = lambda _letter, _answer: None

    def deliver(self, letter: Letter) -> Answered:
        self.carried += 1
        if self.carried > MOST_OF_A_SEED:
            raise EndlessExchange(f"{MOST_OF_A_SEED} requests in one seed, the last one {letter.path}")
        answer = self.server.answer(letter.method, letter.path, letter.headers, letter.body)
        self.watch(letter, answer)
        return answer

    def haunt(self, random: Random) -> None:
        """A delayed request arrives; nobody waits for its answer any more. It may arrive again."""
        if self.ghosts:
            at = random.randrange(len(self.ghosts))
            letter = self.ghosts[at] if random.random() < 0.3 else self.ghosts.pop(at)
            self.deliver(letter)


@dataclass
class Wire:
    """One PC's line for one exchange (``jobdesk.sync.transport.Transport``).

    Attributes:
        share: of requests that something happens to.
        between: what others do before a request arrives.
        breaks: the number of the request at which it is over, 0 never; ``breaks_by``: what happens to that one.
        log: what happened, for the trace.
        cursors: of each pull that was asked, stream → place.
    """

    line: Line
    random: Random
    share: float = 0.0
    kinds: tuple[str, ...] = FAULTS
    between: Callable[[], None] = lambda: None
    log: list[str] = field(default_factory=list[str])
    before: dict[str, Answered] = field(default_factory=dict[str, Answered])
    asked: int = 0
    breaks: int = 0
    breaks_by: str = "lost"
    cursors: list[dict[str, int]] = field(default_factory=list[dict[str, int]])

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        self.asked += 1
        if self.asked > MOST_REQUESTS:
            raise EndlessExchange(f"{MOST_REQUESTS} requests in one exchange, the last one {path}")
        letter = Letter(method, path, dict(headers), body)
        if path == "/v1/pull":
            asked = json.loads(body).get("cursors", ())
            self.cursors.append({c["stream"]: c["at"]["seq"] for c in asked})
        self.between()
        kind = self.random.choice(self.kinds) if self.random.random() < self.share else ""
        if kind:
            self.log.append(f"{kind}@{self.asked}")
        if self.breaks and self.asked >= self.breaks:
            if self.asked == self.breaks:
                return self._carried(letter, self.breaks_by)
            raise no_line("broken")
        answer = self._carried(letter, kind)
        self.before[path] = answer
        return answer

    def _carried(self, letter: Letter, kind: str) -> Answered:
        line = self.line
        match kind:
            case "lost":
                raise no_line("lost")
            case "delayed":
                line.ghosts.append(letter)
                raise no_line("delayed")
            case "ask_cut":
                cut = self.random.randrange(len(letter.body)) if letter.body else 0
                letter = Letter(letter.method, letter.path, letter.headers, letter.body[:cut])
            case "twice":
                line.deliver(letter)
            case "ghost":
                line.haunt(self.random)
            case "old_answer" if letter.path in self.before:
                line.deliver(letter)
                return self.before[letter.path]
            case "server_dies":
                line.server.dies = True
            case _:
                pass
        try:
            answer = line.deliver(letter)
        except ServerDied:
            raise no_line("server_dies") from None
        finally:
            line.server.dies = False
        if kind == "answer_lost":
            line.ghosts.append(letter)
            raise no_line("answer_lost")
        if kind == "answer_cut":
            cut = self.random.randrange(len(answer.body)) if answer.body else 0
            return Answered(answer.status, answer.body[:cut], answer.headers)
        return answer
