"""Points OpenPipe's SDK at the gateway as its users do: by environment variables, for its own calls and OpenAI's."""

import os

GATEWAY = os.environ.get("UNDERSTUDY_URL", "")
if not GATEWAY:
    raise SystemExit("UNDERSTUDY_URL names no gateway; run these tests with compat/run")

os.environ["OPENPIPE_BASE_URL"] = GATEWAY + "/v1"
os.environ["OPENPIPE_API_KEY"] = "any-openpipe-key"
os.environ["OPENAI_BASE_URL"] = GATEWAY + "/v1"
os.environ["OPENAI_API_KEY"] = "any-openai-key"
