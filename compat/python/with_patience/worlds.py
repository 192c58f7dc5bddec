"""The ways in which a provider is slow and well, as ../../upstream/slow.js plays them, and what its caller gets of them."""

from dataclasses import dataclass, replace

TEN = "one two three four five six seven eight nine ten"
FALLBACK = "The quick fallback answers."

# The routes of a call: to the upstream itself; through the gateway; and through it with a quick fallback behind the target.
DIRECT = "direct"
ALONE = "alone"
BACKED = "backed"


@dataclass(frozen=True)
class Outcome:
    """What a caller gets, in the same words for both SDKs.

    `calls` are names and arguments of tool calls; `output` is the count of tokens.
    """

    text: str = TEN
    reasoning: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    finish: str | None = "stop"
    output: int | None = 22


@dataclass(frozen=True)
class World:
    """`directly` is what the SDK makes of it without a gateway, if that is less than what is expected."""

    vendor: str
    name: str
    expected: Outcome
    stream: bool = True
    directly: Outcome | None = None
    # Whether the provider shows that it is at work, so that no fallback may take its place.
    shows_life: bool = False
    tools: bool = False
    thinking: bool = False
    timeout: float | None = None

    @property
    def routes(self) -> tuple[str, ...]:
        return (DIRECT, ALONE, BACKED) if self.shows_life else (DIRECT, ALONE)

    def model(self, route: str) -> str:
        return {
            DIRECT: self.name,
            ALONE: f"slow-{self.vendor}/{self.name}",
            BACKED: f"backed-{self.vendor}-{self.name}",
        }[route]

    @property
    def target(self) -> str:
        return self.model(ALONE)

    def __str__(self) -> str:
        return f"{self.vendor}-{self.name}"


_SAID = Outcome()
_MESSAGE = Outcome(finish="end_turn")
_CALL = Outcome(text="", calls=(("get_weather", '{"city":"Paris"}'),), finish="tool_calls")

WORLDS = (
    # 13 seconds between a tool's name and its arguments.
    World("openai", "tool-call", _CALL, tools=True, shows_life=True),
    # `: OPENROUTER PROCESSING` each second for 13 seconds.
    World("openai", "processing", _SAID, shows_life=True),
    # A word of reasoning each second for 15 seconds.
    World("openai", "reasoning", replace(_SAID, reasoning="Hm. " * 15), shows_life=True),
    # The counts 3 seconds after the finish.
    World("openai", "late-usage", _SAID, shows_life=True),
    # [DONE], and no finish_reason; the gateway adds it.
    World(
        "openai",
        "no-finish",
        replace(_SAID, output=None),
        directly=replace(_SAID, output=None, finish=None),
        shows_life=True,
    ),
    # Nothing for 20 seconds in the middle.
    World("openai", "pause", _SAID),
    # Nothing at all for 25 seconds.
    World("openai", "first-token", _SAID),
    World("openai", "answer-25", _SAID, stream=False),
    # One JSON body, though a stream was asked for, of which the SDK sees nothing.
    World("openai", "one-body", _SAID, directly=Outcome(text="", finish=None, output=None)),
    # A client that waits for longer than a call may start attempts.
    World("openai", "answer-50", _SAID, stream=False, timeout=120),
    World("anthropic", "tool-call", replace(_CALL, finish="tool_use"), tools=True, shows_life=True),
    # A ping each 10 seconds for a minute.
    World("anthropic", "pings", _MESSAGE, shows_life=True),
    # The same, then thinking.
    World("anthropic", "thinking-pings", replace(_MESSAGE, reasoning="Hm. " * 3), thinking=True, shows_life=True),
    World("anthropic", "pause", _MESSAGE),
    World("anthropic", "first-token", _MESSAGE),
    World("anthropic", "answer-25", _MESSAGE, stream=False),
    World("anthropic", "answer-50", _MESSAGE, stream=False, timeout=120),
)

QUICK = (
    World("openai", "quick", replace(_SAID, text=FALLBACK)),
    World("anthropic", "quick", replace(_MESSAGE, text=FALLBACK)),
)

# A provider that never says a word.
SILENT = (
    World("openai", "silent", replace(_SAID, text=FALLBACK), stream=False, timeout=3),
    World("openai", "silent", replace(_SAID, text=FALLBACK), timeout=3),
    World("anthropic", "silent", replace(_MESSAGE, text=FALLBACK), stream=False, timeout=3),
    World("anthropic", "silent", replace(_MESSAGE, text=FALLBACK), timeout=3),
)
