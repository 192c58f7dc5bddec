"""Google's SDK for Python, whoever's model answers behind the gateway."""

import asyncio
import base64

import pytest
from google.genai import types
from google.genai.errors import ClientError
from pydantic import BaseModel

from upstreams import (
    ADDRESS,
    ADDRESS_SEEN,
    CITIES,
    CITY,
    CITY_SCHEMA,
    COUNT,
    DEGREES,
    DOT,
    DOT_SEEN,
    FORECAST,
    LOOK,
    TEN,
    UPSTREAMS,
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
def client(google_client):
    return google_client

TOOLS = [
    types.Tool(
        function_declarations=[
            types.FunctionDeclaration(
                name=WEATHER_TOOL, description="How warm it is in a city.", parameters_json_schema=WEATHER_SCHEMA
            )
        ]
    )
]
# The SDK would call Python functions by itself; here the declarations stand alone, and the test does the calling.
WITH_TOOLS = types.GenerateContentConfig(tools=TOOLS)


@every_upstream
def test_an_answer_is_a_candidate(client, upstream, heard):
    response = client.models.generate_content(
        model=on(upstream),
        contents=heard.marked(COUNT),
        config=types.GenerateContentConfig(system_instruction="Be brief.", max_output_tokens=100, temperature=0.5),
    )

    assert response.text == TEN
    assert response.candidates[0].content.role == "model"
    assert response.candidates[0].finish_reason == types.FinishReason.STOP
    assert response.usage_metadata.prompt_token_count == 11
    assert response.usage_metadata.candidates_token_count == 22
    assert response.usage_metadata.total_token_count == 33
    assert heard.understood()["system"] == "Be brief."


@every_upstream
def test_a_stream_brings_the_same_candidate_in_pieces(client, upstream):
    chunks = list(client.models.generate_content_stream(model=on(upstream), contents=COUNT))

    assert "".join(chunk.text or "" for chunk in chunks) == TEN
    assert len([chunk for chunk in chunks if chunk.text]) > 1
    assert chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP
    assert chunks[-1].usage_metadata.candidates_token_count == 22


@every_upstream
def test_the_async_client_is_answered_too(client, upstream):
    async def ask() -> str:
        pieces = await client.aio.models.generate_content_stream(model=on(upstream), contents=COUNT)
        return "".join([piece.text or "" async for piece in pieces])

    assert asyncio.run(ask()) == TEN


@every_upstream
def test_a_chat_remembers(client, upstream, heard):
    chat = client.chats.create(model=on(upstream))
    chat.send_message(COUNT)
    assert chat.send_message(heard.marked(COUNT)).text == TEN

    turns = heard.understood()["turns"]
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]


def whole(client, **request):
    return client.models.generate_content(**request).candidates[0].content


def streamed(client, **request):
    parts = []
    for chunk in client.models.generate_content_stream(**request):
        for candidate in chunk.candidates or []:
            parts.extend(candidate.content.parts or [])
    return types.Content(role="model", parts=parts)


# Gemini gives its calls no ids (Vertex AI does not, at least), and then there is nothing but the order.
in_both_orders = pytest.mark.parametrize(
    ("upstream", "turned"),
    [(upstream, turned) for upstream in UPSTREAMS for turned in (False, True) if not turned or upstream != "gemini"],
)


@in_both_orders
@pytest.mark.parametrize("ask", [whole, streamed])
def test_two_functions_are_called_at_once_and_heard(client, upstream, ask, turned):
    conversation = [types.Content(role="user", parts=[types.Part(text=WEATHER)])]
    content = ask(client, model=on(upstream), contents=conversation, config=WITH_TOOLS)

    calls = [part.function_call for part in content.parts if part.function_call]
    assert [(call.name, call.args) for call in calls] == [(WEATHER_TOOL, city) for city in CITIES]

    results = [
        types.Part(
            function_response=types.FunctionResponse(
                id=call.id, name=call.name, response={"result": DEGREES[call.args["city"]]}
            )
        )
        for call in calls
    ]
    if turned:
        assert len({call.id for call in calls}) == 2
        results.reverse()
    conversation += [content, types.Content(role="user", parts=results)]
    answer = ask(client, model=on(upstream), contents=conversation, config=WITH_TOOLS)

    text = "".join(part.text or "" for part in answer.parts)
    for city, degrees in DEGREES.items():
        assert f"In {city}:" in text
        assert degrees in text
    assert turned or text.index("Paris") < text.index("18") < text.index("Rome") < text.index("24")


@every_upstream
def test_results_without_ids_belong_to_the_calls_in_their_order(client, upstream):
    conversation = [types.Content(role="user", parts=[types.Part(text=WEATHER)])]
    content = whole(client, model=on(upstream), contents=conversation, config=WITH_TOOLS)
    results = [
        types.Part.from_function_response(name=WEATHER_TOOL, response={"result": DEGREES[city["city"]]})
        for city in CITIES
    ]
    for part in content.parts:
        if part.function_call:
            part.function_call.id = None

    answer = whole(
        client,
        model=on(upstream),
        contents=[*conversation, content, types.Content(role="user", parts=results)],
        config=WITH_TOOLS,
    )

    text = "".join(part.text or "" for part in answer.parts)
    assert text.index("Paris") < text.index("18") < text.index("Rome") < text.index("24")


@every_upstream
def test_the_sdk_calls_functions_by_itself(client, upstream):
    asked = []

    def get_weather(city: str) -> str:
        """How warm it is in a city."""
        asked.append(city)
        return DEGREES[city]

    response = client.models.generate_content(
        model=on(upstream), contents=WEATHER, config=types.GenerateContentConfig(tools=[get_weather])
    )

    assert asked == ["Paris", "Rome"]
    assert "18 degrees" in response.text
    assert "24 degrees" in response.text


@every_upstream
def test_a_picture_is_shown(client, upstream):
    picture = types.Part.from_bytes(data=base64.b64decode(DOT), mime_type="image/png")
    response = client.models.generate_content(model=on(upstream), contents=[picture, LOOK])

    assert response.text == DOT_SEEN


@every_upstream_that_follows_addresses
def test_a_picture_is_shown_by_its_address(client, upstream):
    picture = types.Part.from_uri(file_uri=ADDRESS, mime_type="image/png")
    response = client.models.generate_content(model=on(upstream), contents=[picture, LOOK])

    assert response.text == ADDRESS_SEEN


class City(BaseModel):
    city: str
    population: int


@every_upstream
@pytest.mark.parametrize(
    "form",
    [{"response_schema": City}, {"response_json_schema": CITY_SCHEMA}],
    ids=["schema in Google's words", "JSON schema"],
)
def test_an_answer_has_the_form_that_was_asked_for(client, upstream, form):
    response = client.models.generate_content(
        model=on(upstream),
        contents=WHICH_CITY,
        config=types.GenerateContentConfig(response_mime_type="application/json", **form),
    )

    assert City.model_validate_json(response.text) == City(**CITY)


def ask_whole(client, model, contents):
    client.models.generate_content(model=model, contents=contents)


def ask_streamed(client, model, contents):
    list(client.models.generate_content_stream(model=model, contents=contents))


@every_upstream
@pytest.mark.parametrize("ask", [ask_whole, ask_streamed])
def test_a_400_of_the_provider_is_the_sdks_own(client, upstream, ask):
    with pytest.raises(ClientError) as failure:
        ask(client, on(upstream), fail_with(400))

    assert failure.value.code == 400
    assert failure.value.status == "INVALID_ARGUMENT"
    assert "told to fail with 400" in failure.value.message


@every_upstream
def test_a_rate_limit_is_the_sdks_own(client, upstream):
    with pytest.raises(ClientError) as failure:
        ask_whole(client, on(upstream), fail_with(429))

    assert failure.value.code == 429
    assert failure.value.status == "RESOURCE_EXHAUSTED"


@every_upstream
def test_another_vendors_model_stands_in(client, upstream):
    response = client.models.generate_content(model=after_a_failure(upstream), contents=COUNT)

    assert response.text == TEN
    assert response.sdk_http_response.headers["understudy-attempts"] == "2"


@every_upstream
def test_another_vendors_model_stands_in_for_a_stream(client, upstream):
    chunks = client.models.generate_content_stream(model=after_a_failure(upstream), contents=COUNT)

    assert "".join(chunk.text or "" for chunk in chunks) == TEN


@every_upstream
def test_another_vendors_model_goes_on_with_a_stream_that_broke(client, upstream):
    chunks = list(client.models.generate_content_stream(model=after_a_break(upstream), contents=COUNT))

    assert "".join(chunk.text or "" for chunk in chunks) == TEN
    assert chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP


def test_an_unknown_model_is_told_in_googles_words(client):
    with pytest.raises(ClientError) as failure:
        ask_whole(client, "nobody-at-all", COUNT)

    assert failure.value.code == 404
    assert failure.value.status == "NOT_FOUND"
