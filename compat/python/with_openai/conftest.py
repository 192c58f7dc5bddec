"""Points the SDK at the gateway as its users do: by the two usual environment variables."""

import os

GATEWAY = os.environ.get("UNDERSTUDY_URL", "")
if not GATEWAY:
    raise SystemExit("UNDERSTUDY_URL names no gateway; run these tests with compat/run")

os.environ["OPENAI_BASE_URL"] = GATEWAY + "/v1"
os.environ["OPENAI_API_KEY"] = "any-key-will-do"

import pytest  # noqa: E402
from openai import OpenAI  # noqa: E402


@pytest.fixture
def gateway() -> str:
    return GATEWAY


@pytest.fixture
def client() -> OpenAI:
    """A client that asks once, so that a test sees what the gateway does and not what the SDK's retries do."""
    return OpenAI(max_retries=0)
