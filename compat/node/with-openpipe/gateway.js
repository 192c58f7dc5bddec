// Points OpenPipe's SDK at the gateway as its users do: by environment variables, for its own calls and OpenAI's.

const gateway = process.env.UNDERSTUDY_URL;
if (!gateway) {
  throw new Error("UNDERSTUDY_URL names no gateway; run these tests with compat/run");
}
process.env.OPENPIPE_BASE_URL = `${gateway}/v1`;
process.env.OPENPIPE_API_KEY = "any-openpipe-key";
process.env.OPENAI_BASE_URL = `${gateway}/v1`;
process.env.OPENAI_API_KEY = "any-openai-key";
