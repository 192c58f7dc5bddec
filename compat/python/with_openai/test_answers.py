"""Answers that are more than text arrive as the provider gave them."""

import json

import pytest

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "look_up_weather",
            "description": "The weather in a city.",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}, "unit": {"type": "string"}},
                "required": ["city"],
            },
        },
    }
]
ASK = [{"role": "user", "content": "What is the weather in Paris?"}]


def test_a_tool_call(client):
    completion = client.chat.completions.create(
        model="openpipe:my-ft-model",
        messages=ASK,
        tools=TOOLS,
        extra_body={"fallbacks": ["rehearsal/tool-call"]},
    )

    call = completion.choices[0].message.tool_calls[0]
    assert completion.choices[0].finish_reason == "tool_calls"
    assert completion.choices[0].message.content is None
    assert call.function.name == "look_up_weather"
    assert json.loads(call.function.arguments) == {"city": "Paris", "unit": "celsius"}


def test_a_tool_call_in_a_stream(client):
    name, arguments, finish = "", "", None
    for chunk in client.chat.completions.create(
        model="openpipe:my-ft-model",
        messages=ASK,
        tools=TOOLS,
        stream=True,
        extra_body={"fallbacks": ["rehearsal/tool-call"]},
    ):
        for choice in chunk.choices:
            finish = choice.finish_reason or finish
            for call in choice.delta.tool_calls or []:
                name += call.function.name or ""
                arguments += call.function.arguments or ""

    assert (name, finish) == ("look_up_weather", "tool_calls")
    assert json.loads(arguments) == {"city": "Paris", "unit": "celsius"}


def test_a_json_answer(client):
    completion = client.chat.completions.create(
        model="openpipe:my-ft-model",
        messages=ASK,
        response_format={"type": "json_object"},
        extra_body={"fallbacks": ["rehearsal/json?tokens=3"]},
    )

    assert json.loads(completion.choices[0].message.content) == {"count": 3, "words": ["one", "two", "three"]}


@pytest.mark.parametrize("kind", ["gzip", "http10"])
def test_a_provider_with_odd_manners(client, kind):
    completion = client.chat.completions.create(model=f"rehearsal/{kind}?tokens=3", messages=ASK)

    assert completion.choices[0].message.content == "one two three"


def test_a_large_answer_arrives_whole(client):
    chunks = client.chat.completions.create(model="rehearsal/big", messages=ASK, stream=True)

    assert sum(len(chunk.choices[0].delta.content or "") for chunk in chunks if chunk.choices) == 2097152


def test_usage_counts_are_the_answering_targets(client):
    usage = client.chat.completions.create(model="steady", messages=ASK).usage

    assert usage.completion_tokens == 10
    assert usage.total_tokens == usage.prompt_tokens + 10


def test_the_list_of_models(client):
    listed = [model.id for model in client.models.list()]

    assert {"gpt-4o", "openpipe:my-ft-model", "steady"} <= set(listed)
    assert client.models.retrieve("gpt-4o").id == "gpt-4o"
