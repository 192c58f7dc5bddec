"""OpenAI's Responses, whoever's model answers behind the gateway."""

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
        "name": WEATHER_TOOL,
        "description": "How warm it is in a city.",
        "parameters": WEATHER_SCHEMA,
        "strict": False,
    }
]


def whole(client, **request):
    return client.responses.create(**request)


def streamed(client, **request):
    with client.responses.stream(**request) as stream:
        return stream.get_final_response()


whole_and_streamed = pytest.mark.parametrize("ask", [whole, streamed])


@every_upstream
@whole_and_streamed
def test_an_answer_is_a_response(client, upstream, ask, heard):
    response = ask(
        client, model=on(upstream), instructions="Be brief.", max_output_tokens=100, input=heard.marked(COUNT)
    )

    assert response.object == "response"
    assert response.id
    assert response.output_text == TEN
    assert response.status == "completed"
    assert (response.usage.input_tokens, response.usage.output_tokens) == (11, 22)
    assert heard.understood()["system"] == "Be brief."


@every_upstream
def test_the_events_of_a_stream_come_in_openais_order(client, upstream):
    events = list(client.responses.create(model=on(upstream), input=COUNT, stream=True))

    kinds = [event.type for event in events]
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    assert kinds.count("response.output_text.delta") > 1
    first = {kind: kinds.index(kind) for kind in kinds}
    assert (
        first["response.output_item.added"]
        < first["response.content_part.added"]
        < first["response.output_text.delta"]
        < first["response.output_text.done"]
        < first["response.content_part.done"]
        < first["response.output_item.done"]
    )
    numbers = [event.sequence_number for event in events]
    assert numbers == sorted(set(numbers))


@every_upstream
def test_the_async_client_is_answered_too(upstream):
    async def ask() -> str:
        async with AsyncOpenAI(max_retries=0) as client:
            async with client.responses.stream(model=on(upstream), input=COUNT) as stream:
                return (await stream.get_final_response()).output_text

    assert asyncio.run(ask()) == TEN


@every_upstream
@whole_and_streamed
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "in another order"])
def test_two_functions_are_called_at_once_and_heard(client, upstream, ask, turned):
    conversation = [{"role": "user", "content": WEATHER}]
    response = ask(client, model=on(upstream), tools=TOOLS, input=conversation)

    calls = [item for item in response.output if item.type == "function_call"]
    assert [(call.name, json.loads(call.arguments)) for call in calls] == [
        (WEATHER_TOOL, city) for city in CITIES
    ]
    assert len({call.call_id for call in calls}) == 2

    results = [
        {
            "type": "function_call_output",
            "call_id": call.call_id,
            "output": DEGREES[json.loads(call.arguments)["city"]],
        }
        for call in calls
    ]
    if turned:
        results.reverse()
    items = [
        {"type": "function_call", "call_id": call.call_id, "name": call.name, "arguments": call.arguments}
        for call in calls
    ]
    answer = ask(client, model=on(upstream), tools=TOOLS, input=[*conversation, *items, *results])

    if turned:
        assert "In Paris: 18 degrees." in answer.output_text
        assert "In Rome: 24 degrees." in answer.output_text
    else:
        assert answer.output_text == FORECAST


def asked_to_look_at(url: str) -> list[dict]:
    return [
        {
            "role": "user",
            "content": [
                {"type": "input_image", "image_url": url, "detail": "auto"},
                {"type": "input_text", "text": LOOK},
            ],
        }
    ]


@every_upstream
def test_a_picture_is_shown(client, upstream):
    response = whole(client, model=on(upstream), input=asked_to_look_at(f"data:image/png;base64,{DOT}"))

    assert response.output_text == DOT_SEEN


@every_upstream_that_follows_addresses
def test_a_picture_is_shown_by_its_address(client, upstream):
    assert whole(client, model=on(upstream), input=asked_to_look_at(ADDRESS)).output_text == ADDRESS_SEEN


class City(BaseModel):
    city: str
    population: int


@every_upstream
def test_an_answer_has_the_form_that_was_asked_for(client, upstream):
    response = client.responses.parse(model=on(upstream), input=WHICH_CITY, text_format=City)

    assert response.output_parsed == City(**CITY)


@every_upstream
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_400_of_the_provider_is_the_sdks_own(client, upstream, stream):
    with pytest.raises(openai.BadRequestError) as failure:
        client.responses.create(model=on(upstream), input=fail_with(400), stream=stream)

    assert failure.value.type == "invalid_request_error"
    assert "told to fail with 400" in failure.value.message


@every_upstream
def test_a_rate_limit_is_the_sdks_own(client, upstream):
    with pytest.raises(openai.RateLimitError):
        client.responses.create(model=on(upstream), input=fail_with(429))


@every_upstream
@whole_and_streamed
def test_another_vendors_model_stands_in(client, upstream, ask):
    response = ask(client, model=after_a_failure(upstream), input=COUNT)

    assert response.output_text == TEN
    assert response.status == "completed"


@every_upstream
def test_another_vendors_model_goes_on_with_a_stream_that_broke(client, upstream):
    response = streamed(client, model=after_a_break(upstream), input=COUNT)

    assert response.output_text == TEN
    assert response.status == "completed"
