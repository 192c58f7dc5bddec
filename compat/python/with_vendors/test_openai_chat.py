"""Chat completions, whoever's model answers behind the gateway."""

import asyncio
import json

import openai
import pytest
from openai import AsyncOpenAI
from pydantic import BaseModel

from upstreams import (
    ADDRESS,
    ADDRESS_SEEN,
    CITIES,
    CITY,
    COUNT,
    DEGREES,
    DOT,
    DOT_SEEN,
    FORECAST,
    LOOK,
    TEN,
    WEATHER,
    WEATHER_SCHEMA,
    WEATHER_TOOL,
    WHICH_CITY,
    after_a_break,
    after_a_failure,
    every_upstream,
    every_upstream_that_follows_addresses,
    fail_with,
    on,
)


@pytest.fixture
def client(openai_client):
    return openai_client

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": WEATHER_TOOL,
            "description": "How warm it is in a city.",
            "parameters": WEATHER_SCHEMA,
        },
    }
]


def said(text: str) -> list[dict]:
    return [{"role": "user", "content": text}]


@every_upstream
def test_an_answer_is_a_completion(client, upstream, heard):
    completion = client.chat.completions.create(
        model=on(upstream),
        max_completion_tokens=100,
        messages=[{"role": "system", "content": "Be brief."}, *said(heard.marked(COUNT))],
    )

    assert completion.object == "chat.completion"
    assert completion.id
    assert completion.choices[0].message.content == TEN
    assert completion.choices[0].finish_reason == "stop"
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (11, 22)
    assert heard.understood()["system"] == "Be brief."


@every_upstream
def test_a_stream_brings_the_same_in_pieces(client, upstream):
    chunks = list(
        client.chat.completions.create(
            model=on(upstream), messages=said(COUNT), stream=True, stream_options={"include_usage": True}
        )
    )

    choices = [chunk.choices[0] for chunk in chunks if chunk.choices]
    assert "".join(choice.delta.content or "" for choice in choices) == TEN
    assert len([choice for choice in choices if choice.delta.content]) > 1
    assert [choice.finish_reason for choice in choices if choice.finish_reason] == ["stop"]
    assert {chunk.object for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk.id for chunk in chunks}) == 1
    assert chunks[-1].usage.completion_tokens == 22


@every_upstream
def test_the_async_client_is_answered_too(upstream):
    async def ask() -> str:
        async with AsyncOpenAI(max_retries=0) as client:
            chunks = await client.chat.completions.create(model=on(upstream), messages=said(COUNT), stream=True)
            return "".join([chunk.choices[0].delta.content or "" async for chunk in chunks if chunk.choices])

    assert asyncio.run(ask()) == TEN


def whole(client, **request):
    return client.chat.completions.create(**request).choices[0]


def streamed(client, **request):
    with client.chat.completions.stream(**request) as stream:
        return stream.get_final_completion().choices[0]


whole_and_streamed = pytest.mark.parametrize("ask", [whole, streamed])


@every_upstream
@whole_and_streamed
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "in another order"])
def test_two_tools_are_called_at_once_and_heard(client, upstream, ask, turned):
    conversation = said(WEATHER)
    choice = ask(client, model=on(upstream), tools=TOOLS, messages=conversation)

    assert choice.finish_reason == "tool_calls"
    calls = choice.message.tool_calls
    assert [(call.function.name, json.loads(call.function.arguments)) for call in calls] == [
        (WEATHER_TOOL, city) for city in CITIES
    ]
    assert len({call.id for call in calls}) == 2

    results = [
        {
            "role": "tool",
            "tool_call_id": call.id,
            "content": DEGREES[json.loads(call.function.arguments)["city"]],
        }
        for call in calls
    ]
    if turned:
        results.reverse()
    message = {
        "role": "assistant",
        "tool_calls": [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.function.name, "arguments": call.function.arguments},
            }
            for call in calls
        ],
    }
    answer = ask(client, model=on(upstream), tools=TOOLS, messages=[*conversation, message, *results])

    assert answer.finish_reason == "stop"
    if turned:
        assert "In Paris: 18 degrees." in answer.message.content
        assert "In Rome: 24 degrees." in answer.message.content
    else:
        assert answer.message.content == FORECAST


def asked_to_look_at(url: str) -> list[dict]:
    return [
        {
            "role": "user",
            "content": [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": LOOK}],
        }
    ]


@every_upstream
def test_a_picture_is_shown(client, upstream):
    choice = whole(client, model=on(upstream), messages=asked_to_look_at(f"data:image/png;base64,{DOT}"))

    assert choice.message.content == DOT_SEEN


@every_upstream_that_follows_addresses
def test_a_picture_is_shown_by_its_address(client, upstream):
    assert whole(client, model=on(upstream), messages=asked_to_look_at(ADDRESS)).message.content == ADDRESS_SEEN


class City(BaseModel):
    city: str
    population: int


@every_upstream
def test_an_answer_has_the_form_that_was_asked_for(client, upstream):
    completion = client.chat.completions.parse(
        model=on(upstream), messages=said(WHICH_CITY), response_format=City
    )

    assert completion.choices[0].message.parsed == City(**CITY)


@every_upstream
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_400_of_the_provider_is_the_sdks_own(client, upstream, stream):
    with pytest.raises(openai.BadRequestError) as failure:
        client.chat.completions.create(model=on(upstream), messages=said(fail_with(400)), stream=stream)

    assert failure.value.type == "invalid_request_error"
    assert "told to fail with 400" in failure.value.message


@every_upstream
def test_a_rate_limit_is_the_sdks_own(client, upstream):
    with pytest.raises(openai.RateLimitError) as failure:
        client.chat.completions.create(model=on(upstream), messages=said(fail_with(429)))

    assert "told to fail with 429" in failure.value.message


@every_upstream
@whole_and_streamed
def test_another_vendors_model_stands_in(client, upstream, ask):
    choice = ask(client, model=after_a_failure(upstream), messages=said(COUNT))

    assert choice.message.content == TEN
    assert choice.finish_reason == "stop"


@every_upstream
def test_another_vendors_model_goes_on_with_a_stream_that_broke(client, upstream):
    choice = streamed(client, model=after_a_break(upstream), messages=said(COUNT))

    assert choice.message.content == TEN
    assert choice.finish_reason == "stop"
