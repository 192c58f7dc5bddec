"""Anthropic's SDK for Python, whoever's model answers behind the gateway."""

import asyncio
from itertools import groupby

import anthropic
import pytest
from anthropic import AsyncAnthropic
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
def client(anthropic_client):
    return anthropic_client

TOOLS = [{"name": WEATHER_TOOL, "description": "How warm it is in a city.", "input_schema": WEATHER_SCHEMA}]


def said(text: str) -> list[dict]:
    return [{"role": "user", "content": text}]


def text_of(message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


@every_upstream
def test_an_answer_is_a_message(client, upstream, heard):
    message = client.messages.create(
        model=on(upstream), max_tokens=100, system="Be brief.", messages=said(heard.marked(COUNT))
    )

    assert (message.type, message.role) == ("message", "assistant")
    assert message.id
    assert text_of(message) == TEN
    assert message.stop_reason == "end_turn"
    assert (message.usage.input_tokens, message.usage.output_tokens) == (11, 22)
    assert heard.understood()["system"] == "Be brief."


@every_upstream
def test_a_stream_makes_the_same_message(client, upstream):
    with client.messages.stream(model=on(upstream), max_tokens=100, messages=said(COUNT)) as stream:
        text = "".join(stream.text_stream)
        message = stream.get_final_message()

    assert text == text_of(message) == TEN
    assert message.stop_reason == "end_turn"
    assert message.usage.output_tokens == 22


@every_upstream
def test_the_events_of_a_stream_come_in_anthropics_order(client, upstream):
    events = client.messages.create(model=on(upstream), max_tokens=100, messages=said(COUNT), stream=True)

    assert [kind for kind, _ in groupby(event.type for event in events if event.type != "ping")] == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]


@every_upstream
def test_the_async_client_is_answered_too(upstream):
    async def ask() -> str:
        async with AsyncAnthropic(max_retries=0) as client:
            async with client.messages.stream(model=on(upstream), max_tokens=100, messages=said(COUNT)) as stream:
                return await stream.get_final_text()

    assert asyncio.run(ask()) == TEN


def forecast(upstream, question, ask):
    """Asks, does what the tools are called for, and asks again with what they brought."""
    conversation = said(question)
    message = ask(model=on(upstream), max_tokens=100, tools=TOOLS, messages=conversation)

    assert message.stop_reason == "tool_use"
    calls = [block for block in message.content if block.type == "tool_use"]
    assert [(call.name, call.input) for call in calls] == [(WEATHER_TOOL, city) for city in CITIES]
    assert len({call.id for call in calls}) == 2

    results = [
        {"type": "tool_result", "tool_use_id": call.id, "content": DEGREES[call.input["city"]]} for call in calls
    ]
    conversation.append({"role": "assistant", "content": message.content})
    conversation.append({"role": "user", "content": results})
    return ask(model=on(upstream), max_tokens=100, tools=TOOLS, messages=conversation)


@every_upstream
def test_two_tools_are_called_at_once_and_heard(client, upstream):
    message = forecast(upstream, WEATHER, client.messages.create)

    assert text_of(message) == FORECAST
    assert message.stop_reason == "end_turn"


@every_upstream
def test_two_tools_are_called_at_once_and_heard_in_streams(client, upstream):
    def ask(**request):
        with client.messages.stream(**request) as stream:
            return stream.get_final_message()

    assert text_of(forecast(upstream, WEATHER, ask)) == FORECAST


@every_upstream
def test_results_may_come_in_another_order_than_the_calls(client, upstream):
    first = client.messages.create(model=on(upstream), max_tokens=100, tools=TOOLS, messages=said(WEATHER))
    calls = [block for block in first.content if block.type == "tool_use"]
    results = [
        {"type": "tool_result", "tool_use_id": call.id, "content": DEGREES[call.input["city"]]}
        for call in reversed(calls)
    ]

    message = client.messages.create(
        model=on(upstream),
        max_tokens=100,
        tools=TOOLS,
        messages=[
            *said(WEATHER),
            {"role": "assistant", "content": first.content},
            {"role": "user", "content": results},
        ],
    )

    assert "In Paris: 18 degrees." in text_of(message)
    assert "In Rome: 24 degrees." in text_of(message)


@every_upstream
def test_a_picture_is_shown(client, upstream):
    picture = {"type": "base64", "media_type": "image/png", "data": DOT}
    message = client.messages.create(
        model=on(upstream),
        max_tokens=100,
        messages=[
            {"role": "user", "content": [{"type": "image", "source": picture}, {"type": "text", "text": LOOK}]}
        ],
    )

    assert text_of(message) == DOT_SEEN


@every_upstream_that_follows_addresses
def test_a_picture_is_shown_by_its_address(client, upstream):
    picture = {"type": "url", "url": ADDRESS}
    message = client.messages.create(
        model=on(upstream),
        max_tokens=100,
        messages=[
            {"role": "user", "content": [{"type": "image", "source": picture}, {"type": "text", "text": LOOK}]}
        ],
    )

    assert text_of(message) == ADDRESS_SEEN


class City(BaseModel):
    city: str
    population: int


@every_upstream
def test_an_answer_has_the_form_that_was_asked_for(client, upstream):
    message = client.messages.parse(
        model=on(upstream), max_tokens=100, output_format=City, messages=said(WHICH_CITY)
    )

    assert message.parsed_output == City(**CITY)


@every_upstream
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_400_of_the_provider_is_the_sdks_own(client, upstream, stream):
    with pytest.raises(anthropic.BadRequestError) as failure:
        client.messages.create(model=on(upstream), max_tokens=100, messages=said(fail_with(400)), stream=stream)

    assert failure.value.body["type"] == "error"
    assert failure.value.body["error"]["type"] == "invalid_request_error"
    assert "told to fail with 400" in failure.value.body["error"]["message"]


@every_upstream
def test_a_rate_limit_is_the_sdks_own(client, upstream):
    with pytest.raises(anthropic.RateLimitError) as failure:
        client.messages.create(model=on(upstream), max_tokens=100, messages=said(fail_with(429)))

    assert failure.value.body["error"]["type"] == "rate_limit_error"


@every_upstream
def test_another_vendors_model_stands_in(client, upstream):
    response = client.messages.with_raw_response.create(
        model=after_a_failure(upstream), max_tokens=100, messages=said(COUNT)
    )

    assert text_of(response.parse()) == TEN
    assert response.headers["understudy-attempts"] == "2"


@every_upstream
def test_another_vendors_model_stands_in_for_a_stream(client, upstream):
    with client.messages.stream(model=after_a_failure(upstream), max_tokens=100, messages=said(COUNT)) as stream:
        assert stream.get_final_text() == TEN
        assert stream.get_final_message().stop_reason == "end_turn"


@every_upstream
def test_another_vendors_model_goes_on_with_a_stream_that_broke(client, upstream):
    with client.messages.stream(model=after_a_break(upstream), max_tokens=100, messages=said(COUNT)) as stream:
        assert "".join(stream.text_stream) == TEN
        assert stream.get_final_message().stop_reason == "end_turn"


def test_an_unknown_model_is_told_in_anthropics_words(client):
    with pytest.raises(anthropic.NotFoundError) as failure:
        client.messages.create(model="nobody-at-all", max_tokens=100, messages=said(COUNT))

    assert failure.value.body["error"]["type"] == "not_found_error"
