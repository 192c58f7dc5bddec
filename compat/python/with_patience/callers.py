"""The official SDKs, asked the same way whoever is at the other end. They ask once: retries would hide what is looked for."""

import os
import time
from dataclasses import dataclass

from anthropic import Anthropic
from openai import OpenAI

from upstreams import WEATHER_SCHEMA, WEATHER_TOOL, Heard
from worlds import DIRECT, Outcome, World

GATEWAY = os.environ["UNDERSTUDY_URL"]
SLOW = os.environ["UPSTREAM_URL"] + "/slow"
# The upstream's own; the gateway has it in its configuration and takes any from its callers.
KEY = "upstream-key"

_DESCRIPTION = "Tells the weather of a city"
_ADDRESSES = {True: SLOW, False: GATEWAY}
_OPENAI = {direct: OpenAI(base_url=url + "/v1", api_key=KEY, max_retries=0) for direct, url in _ADDRESSES.items()}
_ANTHROPIC = {direct: Anthropic(base_url=url, api_key=KEY, max_retries=0) for direct, url in _ADDRESSES.items()}


@dataclass(frozen=True)
class Answer:
    """What a caller got, and what it was told about it.

    `last_trail` is the trail of the last event, for which the gateway does not wait with the head of a stream; `asked`
    are the models that the upstream was asked for.
    """

    outcome: Outcome
    headers: dict
    last_trail: str
    asked: list[str]
    seconds: float


def ask(world: World, route: str) -> Answer:
    heard = Heard()
    question = heard.marked("What is the weather in Paris?")
    began = time.monotonic()
    caller = {"openai": _ask_openai, "anthropic": _ask_anthropic}[world.vendor]
    outcome, headers, last_trail = caller(world, route, question)
    seconds = time.monotonic() - began
    return Answer(outcome, headers, last_trail, [request["body"]["model"] for request in heard.requests()], seconds)


def _ask_openai(world: World, route: str, question: str) -> tuple[Outcome, dict, str]:
    client = _OPENAI[route == DIRECT]
    if world.timeout:
        client = client.with_options(timeout=world.timeout)
    request = {"model": world.model(route), "messages": [{"role": "user", "content": question}]}
    if world.tools:
        tool = {"name": WEATHER_TOOL, "description": _DESCRIPTION, "parameters": WEATHER_SCHEMA}
        request["tools"] = [{"type": "function", "function": tool}]
    if not world.stream:
        raw = client.chat.completions.with_raw_response.create(**request)
        completion = raw.parse()
        choice = completion.choices[0]
        return (
            Outcome(text=choice.message.content, finish=choice.finish_reason, output=completion.usage.completion_tokens),
            raw.headers,
            "",
        )
    raw = client.chat.completions.with_raw_response.create(
        **request, stream=True, stream_options={"include_usage": True}
    )
    text, reasoning, finish, output, last_trail = "", "", None, None, ""
    calls: list[list[str]] = []
    for chunk in raw.parse():
        last_trail = (getattr(chunk, "understudy", None) or {}).get("trail", last_trail)
        output = chunk.usage.completion_tokens if chunk.usage else output
        for choice in chunk.choices:
            text += choice.delta.content or ""
            reasoning += getattr(choice.delta, "reasoning_content", None) or ""
            finish = choice.finish_reason or finish
            for call in choice.delta.tool_calls or []:
                if call.function.name:
                    calls.append([call.function.name, ""])
                calls[call.index][1] += call.function.arguments or ""
    return Outcome(text, reasoning, tuple(map(tuple, calls)), finish, output), raw.headers, last_trail


def _ask_anthropic(world: World, route: str, question: str) -> tuple[Outcome, dict, str]:
    client = _ANTHROPIC[route == DIRECT]
    if world.timeout:
        client = client.with_options(timeout=world.timeout)
    request = {
        "model": world.model(route),
        "max_tokens": 2048,
        "messages": [{"role": "user", "content": question}],
    }
    if world.tools:
        request["tools"] = [{"name": WEATHER_TOOL, "description": _DESCRIPTION, "input_schema": WEATHER_SCHEMA}]
    if world.thinking:
        request["thinking"] = {"type": "enabled", "budget_tokens": 1024}
    if not world.stream:
        raw = client.messages.with_raw_response.create(**request)
        return _outcome_of(raw.parse()), raw.headers, ""
    with client.messages.stream(**request) as stream:
        return _outcome_of(stream.get_final_message()), stream.response.headers, ""


def _outcome_of(message) -> Outcome:
    def joined(kind: str) -> str:
        return "".join(getattr(block, kind) for block in message.content if block.type == kind)

    return Outcome(
        text=joined("text"),
        reasoning=joined("thinking"),
        calls=tuple(
            (block.name, '{"city":"%s"}' % block.input["city"]) for block in message.content if block.type == "tool_use"
        ),
        finish=message.stop_reason,
        output=message.usage.output_tokens,
    )
