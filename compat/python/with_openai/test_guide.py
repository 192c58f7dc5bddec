"""The guide's two functions, as printed: try the first model, and in the except branch the second."""

import asyncio
import os

from openai import AsyncOpenAI, OpenAI


def test_the_guides_function_no_longer_needs_its_own_fallback(capsys):
    client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])

    def call_model_with_fallback(prompt: str) -> str:
        try:
            response = client.chat.completions.create(
                model="gpt-4o",
                messages=[{"role": "user", "content": prompt}]
            )
            text = response.choices[0].message.content.strip()
            if text:
                return text
            else:
                raise ValueError("Empty response from primary model")
        except Exception as e:
            print(f"Primary model failed: {e}, falling back to gpt-4o-mini")
            try:
                fallback_response = client.chat.completions.create(
                    model="gpt-4o-mini",
                    messages=[{"role": "user", "content": prompt}]
                )
                return fallback_response.choices[0].message.content.strip()
            except Exception as fallback_e:
                print(f"Fallback model also failed: {fallback_e}")
                return "Error: Unable to get response from any model."

    prompt = "Explain fallback strategies in AI pipelines."
    result = call_model_with_fallback(prompt)

    # The gateway noticed that the first model said nothing, and asked the next one of its own chain.
    assert result == "A second model answers when the first one does not."
    assert capsys.readouterr().out == ""


def test_the_guides_async_function_falls_back_by_itself(capsys):
    # The guide awaits the synchronous client, which no server can mend; AsyncOpenAI is what it means.
    client = AsyncOpenAI(api_key=os.environ["OPENAI_API_KEY"])

    async def async_call_model_with_fallback(prompt: str) -> str:
        try:
            response = await client.chat.completions.create(
                model="gpt-4.1",
                messages=[{"role": "user", "content": prompt}]
            )
            text = response.choices[0].message.content.strip()
            if text:
                return text
            else:
                raise ValueError("Empty response from primary model")
        except Exception as e:
            print(f"Primary model failed: {e}, falling back to gpt-4.1-mini")
            try:
                fallback_response = await client.chat.completions.create(
                    model="gpt-4.1-mini",
                    messages=[{"role": "user", "content": prompt}]
                )
                return fallback_response.choices[0].message.content.strip()
            except Exception as fallback_e:
                print(f"Fallback model also failed: {fallback_e}")
                return "Error: Unable to get response from any model."

    async def main():
        prompt = "Explain fallback strategies in AI pipelines asynchronously."
        result = await async_call_model_with_fallback(prompt)
        await client.close()
        return result

    result = asyncio.run(main())

    assert result == "The smaller model answers when the larger one fails."
    said = capsys.readouterr().out
    assert said.startswith("Primary model failed: Error code: 5")
    assert "Fallback model also failed" not in said


def test_the_guides_streaming_variation():
    client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])

    partial = ""
    for chunk in client.chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "user", "content": "Explain fallback strategies in AI pipelines."}],
        stream=True,
    ):
        if chunk.choices and chunk.choices[0].delta.content:
            partial += chunk.choices[0].delta.content

    assert partial == "A second model answers when the first one does not."
