// OpenAI's APIs that pass through the gateway as they are: embeddings, and the completions from before there was a chat.

const TEN = "one two three four five six seven eight nine ten";
const USAGE = { prompt_tokens: 11, completion_tokens: 22, total_tokens: 33 };

const WAYS = {
  "/v1/embeddings": embeddings,
  "/v1/completions": completions,
};

/** Answers if the path is one of these, and says whether it did. */
export function playPlain(path, trouble, headers, text, response) {
  const way = WAYS[path];
  if (!way) {
    return false;
  }
  if (headers.authorization !== "Bearer upstream-key") {
    send(response, 401, { error: { message: "strict upstream: the key is not the provider's", type: "invalid_request_error" } });
  } else if (trouble === "down") {
    send(response, 503, { error: { message: "openai was told to fail with 503", type: "server_error" } });
  } else {
    way(JSON.parse(text), response);
  }
  return true;
}

function embeddings({ model, input }, response) {
  const texts = Array.isArray(input) ? input : [input];
  const data = texts.map((_, index) => ({ object: "embedding", index, embedding: [index, 0.5, -1] }));
  send(response, 200, { object: "list", model, data, usage: { prompt_tokens: 11, total_tokens: 11 } });
}

function completions({ model, stream }, response) {
  const completion = (text, reason, more) => ({
    id: "cmpl-1",
    object: "text_completion",
    created: 1,
    model,
    choices: [{ index: 0, text, logprobs: null, finish_reason: reason }],
    ...more,
  });
  if (!stream) {
    send(response, 200, completion(TEN, "stop", { usage: USAGE }));
    return;
  }
  const chunks = [...TEN.match(/.{1,7}/g).map((text) => completion(text, null)), completion("", "stop")];
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end([...chunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"].map((data) => `data: ${data}\n\n`).join(""));
}

function send(response, status, value) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
