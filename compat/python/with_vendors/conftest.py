"""Points every vendor's SDK at the gateway as its users do: by environment variables, or by its one option for that."""

import os

GATEWAY = os.environ.get("UNDERSTUDY_URL", "")
if not GATEWAY:
    raise SystemExit("UNDERSTUDY_URL names no gateway; run these tests with compat/run")

ANY_KEY = "any-key-will-do"

os.environ["OPENAI_BASE_URL"] = GATEWAY + "/v1"
os.environ["OPENAI_API_KEY"] = ANY_KEY
os.environ["ANTHROPIC_BASE_URL"] = GATEWAY
os.environ["ANTHROPIC_API_KEY"] = ANY_KEY
os.environ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = GATEWAY
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
os.environ["AWS_ACCESS_KEY_ID"] = os.environ["AWS_SECRET_ACCESS_KEY"] = ANY_KEY
# What else this machine knows of Amazon's is none of the tests' business.
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

import boto3  # noqa: E402
import pytest  # noqa: E402
from anthropic import Anthropic  # noqa: E402
from botocore.config import Config  # noqa: E402
from google import genai  # noqa: E402
from openai import OpenAI  # noqa: E402

from upstreams import heard  # noqa: E402, F401

# The clients ask once, so that a test sees what the gateway does and not what the SDK's retries do.


@pytest.fixture(scope="session")
def openai_client() -> OpenAI:
    return OpenAI(max_retries=0)


@pytest.fixture(scope="session")
def anthropic_client() -> Anthropic:
    return Anthropic(max_retries=0)


@pytest.fixture(scope="session")
def google_client() -> genai.Client:
    return genai.Client(api_key=ANY_KEY, http_options={"base_url": GATEWAY})


@pytest.fixture(scope="session")
def bedrock_client():
    return boto3.client("bedrock-runtime", config=Config(retries={"total_max_attempts": 1}))
