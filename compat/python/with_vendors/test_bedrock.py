"""Amazon's SDK for Python, whoever's model answers behind the gateway."""

import base64
import json

import pytest

from upstreams import (
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
    WEATHER,
    WEATHER_SCHEMA,
    WEATHER_TOOL,
    WHICH_CITY,
    after_a_break,
    after_a_failure,
    every_upstream,
    fail_with,
    on,
)


@pytest.fixture
def client(bedrock_client):
    return bedrock_client

TOOLS = {
    "tools": [
        {
            "toolSpec": {
                "name": WEATHER_TOOL,
                "description": "How warm it is in a city.",
                "inputSchema": {"json": WEATHER_SCHEMA},
            }
        }
    ]
}


def said(text: str) -> list[dict]:
    return [{"role": "user", "content": [{"text": text}]}]


def text_of(response: dict) -> str:
    return "".join(block.get("text", "") for block in response["output"]["message"]["content"])


def whole(client, **request) -> dict:
    return client.converse(**request)


def streamed(client, **request) -> dict:
    """Asks for a stream and puts it together as the whole answer would be."""
    blocks, response = {}, {"output": {"message": {"content": []}}}
    for event in client.converse_stream(**request)["stream"]:
        (kind, value) = next(iter(event.items()))
        if kind == "messageStart":
            response["output"]["message"]["role"] = value["role"]
        elif kind == "contentBlockStart":
            blocks[value["contentBlockIndex"]] = {"toolUse": {**value["start"]["toolUse"], "input": ""}}
        elif kind == "contentBlockDelta" and "toolUse" in value["delta"]:
            blocks[value["contentBlockIndex"]]["toolUse"]["input"] += value["delta"]["toolUse"]["input"]
        elif kind == "contentBlockDelta" and "text" in value["delta"]:
            blocks.setdefault(value["contentBlockIndex"], {"text": ""})["text"] += value["delta"]["text"]
        elif kind == "messageStop":
            response["stopReason"] = value["stopReason"]
        elif kind == "metadata":
            response["usage"] = value["usage"]
    for _, block in sorted(blocks.items()):
        if "toolUse" in block:
            block["toolUse"]["input"] = json.loads(block["toolUse"]["input"])
        response["output"]["message"]["content"].append(block)
    return response


whole_and_streamed = pytest.mark.parametrize("ask", [whole, streamed])


@every_upstream
@whole_and_streamed
def test_an_answer_is_a_message_with_usage(client, upstream, ask, heard):
    response = ask(
        client,
        modelId=on(upstream),
        system=[{"text": "Be brief."}],
        inferenceConfig={"maxTokens": 100, "temperature": 0.5},
        messages=said(heard.marked(COUNT)),
    )

    assert text_of(response) == TEN
    assert response["output"]["message"]["role"] == "assistant"
    assert response["stopReason"] == "end_turn"
    assert response["usage"]["inputTokens"] == 11
    assert response["usage"]["outputTokens"] == 22
    assert response["usage"]["totalTokens"] == 33
    assert heard.understood()["system"] == "Be brief."


@every_upstream
def test_the_events_of_a_stream_come_in_amazons_order(client, upstream):
    stream = client.converse_stream(modelId=on(upstream), messages=said(COUNT))["stream"]
    kinds = [next(iter(event)) for event in stream]

    assert kinds[0] == "messageStart"
    assert kinds.count("contentBlockDelta") > 1
    assert kinds[-3:] == ["contentBlockStop", "messageStop", "metadata"]


@every_upstream
@whole_and_streamed
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "in another order"])
def test_two_tools_are_called_at_once_and_heard(client, upstream, ask, turned):
    conversation = said(WEATHER)
    first = ask(client, modelId=on(upstream), toolConfig=TOOLS, messages=conversation)

    assert first["stopReason"] == "tool_use"
    message = first["output"]["message"]
    calls = [block["toolUse"] for block in message["content"] if "toolUse" in block]
    assert [(call["name"], call["input"]) for call in calls] == [(WEATHER_TOOL, city) for city in CITIES]
    assert len({call["toolUseId"] for call in calls}) == 2

    results = [
        {
            "toolResult": {
                "toolUseId": call["toolUseId"],
                "content": [{"text": DEGREES[call["input"]["city"]]}],
            }
        }
        for call in calls
    ]
    if turned:
        results.reverse()
    conversation += [message, {"role": "user", "content": results}]
    answer = ask(client, modelId=on(upstream), toolConfig=TOOLS, messages=conversation)

    assert answer["stopReason"] == "end_turn"
    if turned:
        assert "In Paris: 18 degrees." in text_of(answer)
        assert "In Rome: 24 degrees." in text_of(answer)
    else:
        assert text_of(answer) == FORECAST


@every_upstream
def test_a_picture_is_shown(client, upstream):
    picture = {"format": "png", "source": {"bytes": base64.b64decode(DOT)}}
    response = client.converse(
        modelId=on(upstream), messages=[{"role": "user", "content": [{"image": picture}, {"text": LOOK}]}]
    )

    assert text_of(response) == DOT_SEEN


@every_upstream
@whole_and_streamed
def test_an_answer_has_the_form_that_was_asked_for(client, upstream, ask):
    schema = {"name": "city", "schema": json.dumps(CITY_SCHEMA)}
    response = ask(
        client,
        modelId=on(upstream),
        messages=said(WHICH_CITY),
        outputConfig={"textFormat": {"type": "json_schema", "structure": {"jsonSchema": schema}}},
    )

    assert json.loads(text_of(response)) == CITY


@every_upstream
@whole_and_streamed
def test_a_400_of_the_provider_is_the_sdks_own(client, upstream, ask):
    with pytest.raises(client.exceptions.ValidationException) as failure:
        ask(client, modelId=on(upstream), messages=said(fail_with(400)))

    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert "told to fail with 400" in failure.value.response["Error"]["Message"]


@every_upstream
def test_a_rate_limit_is_the_sdks_own(client, upstream):
    with pytest.raises(client.exceptions.ThrottlingException) as failure:
        whole(client, modelId=on(upstream), messages=said(fail_with(429)))

    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


@every_upstream
@whole_and_streamed
def test_another_vendors_model_stands_in(client, upstream, ask):
    response = ask(client, modelId=after_a_failure(upstream), messages=said(COUNT))

    assert text_of(response) == TEN
    assert response["stopReason"] == "end_turn"


@every_upstream
def test_another_vendors_model_goes_on_with_a_stream_that_broke(client, upstream):
    response = streamed(client, modelId=after_a_break(upstream), messages=said(COUNT))

    assert text_of(response) == TEN
    assert response["stopReason"] == "end_turn"


def test_an_unknown_model_is_told_in_amazons_words(client):
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        whole(client, modelId="nobody-at-all", messages=said(COUNT))
