"""What vendors publish as limits of a request, in requests as applications write them, from callers of every dialect.

The mock refuses what the vendors refuse (../../upstream/dialects/limits.js), so an answer shows that the request was within
the limits.
"""

import pytest
from google.genai import types

from upstreams import UPSTREAMS, WEATHER, on

LONG_NAME = "mcp__" + "a_server_with_a_long_name_" * 3 + "__city"
# As Claude Code sends it: 150 characters.
LONG_USER = "user_" + "0123456789abcdef" * 4 + "_account__session_" + "01234567-89ab-cdef-0123-456789abcdef" + "x" * 27
NO_ARGUMENTS = {"type": "object"}
CITY = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {"city": {"type": "string"}, "population": {"type": "integer", "minimum": 0}, "tags": {"type": "array"}},
    "required": ["city"],
    "additionalProperties": False,
}
LIMITED = ["limits-mistral", "limits-reasoning", "limits-nova"]


def every_model_except(*own: str):
    """Requests to targets of the caller's own dialect are passed through, with the names and schemas that they have."""
    models = [on(upstream) for upstream in UPSTREAMS if upstream not in own] + LIMITED
    return pytest.mark.parametrize("model", models)


@every_model_except()
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_coding_agents_request_from_anthropics_client(anthropic_client, model, stream, heard):
    request = {
        "model": model,
        # The SDK requires a stream for as much as a coding agent asks for.
        "max_tokens": 32000 if stream else 8000,
        "metadata": {"user_id": LONG_USER},
        "messages": [{"role": "user", "content": heard.marked("Go on.")}],
        "tools": [
            {"name": "list_all", "input_schema": NO_ARGUMENTS},
            {"name": LONG_NAME, "input_schema": CITY},
        ],
        "tool_choice": {"type": "tool", "name": LONG_NAME},
    }
    if stream:
        with anthropic_client.messages.stream(**request) as events:
            message = events.get_final_message()
    else:
        message = anthropic_client.messages.create(**request)

    assert [block.name for block in message.content if block.type == "tool_use"] == [LONG_NAME]
    user = heard.understood().get("user")
    assert user is None or len(user) <= 64 or user == LONG_USER


@pytest.mark.parametrize("model", [on(upstream) for upstream in UPSTREAMS if upstream != "openai"] + ["limits-nova"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_the_same_from_openais_client(openai_client, model, stream, heard):
    completion = openai_client.chat.completions.create(
        model=model,
        user=LONG_USER,
        temperature=0.5,
        top_p=0.9,
        messages=[{"role": "user", "content": heard.marked("Go on.")}],
        tools=[
            {"type": "function", "function": {"name": "list_all", "parameters": NO_ARGUMENTS}},
            {"type": "function", "function": {"name": LONG_NAME, "parameters": CITY, "strict": True}},
        ],
        tool_choice={"type": "function", "function": {"name": LONG_NAME}},
        stream=stream,
    )

    if stream:
        deltas = [chunk.choices[0].delta for chunk in completion if chunk.choices]
        names = [call.function.name for delta in deltas for call in delta.tool_calls or [] if call.function.name]
    else:
        names = [call.function.name for call in completion.choices[0].message.tool_calls]
    assert names == [LONG_NAME]


@every_model_except("responses")
def test_the_same_from_openais_client_in_responses(openai_client, model, heard):
    response = openai_client.responses.create(
        model=model,
        user=LONG_USER,
        input=heard.marked("Go on."),
        tools=[
            {"type": "function", "name": "list_all", "parameters": NO_ARGUMENTS, "strict": False},
            {"type": "function", "name": LONG_NAME, "parameters": CITY, "strict": True},
        ],
        tool_choice={"type": "function", "name": LONG_NAME},
    )

    assert [item.name for item in response.output if item.type == "function_call"] == [LONG_NAME]


@every_model_except("gemini")
def test_the_same_from_googles_client(google_client, model, heard):
    schema = {"type": "OBJECT", "properties": {"city": {"type": "STRING"}, "tags": {"type": "ARRAY"}}}
    response = google_client.models.generate_content(
        model=model,
        contents=heard.marked("Go on."),
        config=types.GenerateContentConfig(
            tools=[
                types.Tool(
                    function_declarations=[
                        types.FunctionDeclaration(name="list.all"),
                        types.FunctionDeclaration(name="city:find.one", parameters_json_schema=schema),
                    ]
                )
            ],
            tool_config=types.ToolConfig(
                function_calling_config=types.FunctionCallingConfig(
                    mode="ANY", allowed_function_names=["city:find.one"]
                )
            ),
        ),
    )

    assert [call.name for call in response.function_calls] == ["city:find.one"]


@pytest.mark.parametrize("model", [on(upstream) for upstream in UPSTREAMS if upstream != "bedrock"] + LIMITED[:2])
def test_the_same_from_amazons_client(bedrock_client, model, heard):
    response = bedrock_client.converse(
        modelId=model,
        messages=[{"role": "user", "content": [{"text": heard.marked("Go on.")}]}],
        inferenceConfig={"maxTokens": 100, "temperature": 0.5, "topP": 0.9},
        toolConfig={
            "tools": [
                {"toolSpec": {"name": "list_all", "inputSchema": {"json": NO_ARGUMENTS}}},
                {"toolSpec": {"name": "find_city", "inputSchema": {"json": CITY}}},
                {"cachePoint": {"type": "default"}},
            ],
            "toolChoice": {"tool": {"name": "find_city"}},
        },
    )

    content = response["output"]["message"]["content"]
    assert [block["toolUse"]["name"] for block in content if "toolUse" in block] == ["find_city"]


def test_a_remark_behind_a_result_reaches_mistral(anthropic_client, heard):
    message = anthropic_client.messages.create(
        model="limits-mistral",
        max_tokens=100,
        tools=[{"name": "get_weather", "input_schema": CITY}],
        messages=[
            {"role": "user", "content": heard.marked(WEATHER)},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": {}}]},
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "toolu_01", "content": "18 degrees"},
                    {"type": "text", "text": "Be brief."},
                ],
            },
        ],
    )

    assert message.stop_reason == "end_turn"


def test_a_call_that_falls_back_to_mistral_in_its_own_dialect_is_within_its_limits(openai_client, heard):
    completion = openai_client.chat.completions.create(
        model="limits-same-dialect",
        max_completion_tokens=100,
        seed=1,
        user="u",
        messages=[
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": heard.marked(WEATHER)},
            {
                "role": "assistant",
                "content": None,
                "refusal": None,
                "tool_calls": [
                    {
                        "id": "call_abcdefghijklmnop",
                        "type": "function",
                        "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'},
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "call_abcdefghijklmnop", "content": "18 degrees"},
            {"role": "user", "content": "Be brief."},
        ],
        tools=[{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {}}}}],
    )

    assert completion.choices[0].finish_reason == "stop"
