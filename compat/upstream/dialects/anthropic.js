// Anthropic Messages.

import {
  alternate, answersFollowCalls, forced, closedSchema, json, must, mustBeList, mustBeNumber, mustBeObject, mustBeText, oneOf,
  onlyMembers, Refusal, sizeOf,
} from "./strict.js";
import { claudesSchema, functionSchema, longestUser } from "./limits.js";
import { thoughtOf } from "../scenes.js";

const BODY = [
  "model", "messages", "max_tokens", "cache_control", "container", "context_management", "inference_geo", "mcp_servers",
  "metadata", "output_config", "service_tier", "stop_sequences", "stream", "system", "temperature", "thinking",
  "tool_choice", "tools", "top_k", "top_p",
];
const NAME = /^[a-zA-Z0-9_-]{1,128}$/;
const ID = /^[a-zA-Z0-9_-]+$/;
const MEDIA = ["image/jpeg", "image/png", "image/gif", "image/webp"];
const TYPES = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  503: "api_error",
  504: "timeout_error",
  529: "overloaded_error",
};

function checkCaller({ headers }) {
  if (headers["x-api-key"] !== "upstream-key") {
    throw new Refusal(`the key is not the provider's: x-api-key is ${headers["x-api-key"]}`, 401);
  }
  must(/^\d{4}-\d{2}-\d{2}$/.test(headers["anthropic-version"] ?? ""), "anthropic-version: header is required");
}

function understand(body) {
  onlyMembers(body, "body", BODY);
  mustBeText(body.model, "model");
  must(Number.isInteger(body.max_tokens) && body.max_tokens >= 1, `max_tokens is required, and is ${body.max_tokens}`);
  mustBeNumber(body.temperature, "temperature", 0, 1);
  mustBeNumber(body.top_p, "top_p", 0, 1);
  must(body.temperature === undefined || body.top_p === undefined, "temperature and top_p cannot both be specified");
  for (const text of body.stop_sequences ?? []) {
    must(text.trim() !== "", "stop_sequences: each stop sequence must contain non-whitespace");
  }
  if (body.metadata !== undefined) {
    onlyMembers(body.metadata, "metadata", ["user_id"]);
    longestUser(body.metadata.user_id, "metadata.user_id", 256);
  }
  if (body.thinking?.type === "enabled") {
    must(body.thinking.budget_tokens >= 1024, "thinking.budget_tokens must be 1024 or more");
    must(body.max_tokens > body.thinking.budget_tokens, "max_tokens must be greater than thinking.budget_tokens");
  }
  mustBeList(body.messages, "messages");
  const turns = body.messages.map((message, at) => {
    const where = `messages[${at}]`;
    onlyMembers(message, where, ["role", "content"]);
    oneOf(message.role, `${where}.role`, ["user", "assistant"]);
    const parts = partsOf(message.content, where, message.role);
    const firstOther = parts.findIndex((part) => part.type !== "result");
    must(firstOther < 0 || parts.slice(firstOther).every((part) => part.type !== "result"),
      `${where}: tool_result blocks must come first`);
    return { role: message.role, parts };
  });
  alternate(turns, "messages");
  const last = turns.at(-1);
  must(last.role === "user" || !/\s$/.test(last.parts.at(-1).text ?? ""),
    "messages: final assistant content cannot end with trailing whitespace");
  answersFollowCalls(turns, "messages");
  const isReasoning = body.thinking !== undefined && body.thinking.type !== "disabled";
  if (body.thinking?.type === "enabled" && last.parts.some((part) => part.type === "result")) {
    const [first] = turns.at(-2).parts;
    must(/thought|thinking/.test(first.type),
      `messages[${turns.length - 2}].content[0].type: Expected \`thinking\` or \`redacted_thinking\`, but found ${first.type}`);
  }
  const tools = toolsOf(body, turns);
  return {
    model: body.model,
    user: body.metadata?.user_id,
    stream: body.stream === true,
    system: systemOf(body.system),
    turns,
    tools,
    toolChoice: body.tool_choice,
    forced: forced(body.tool_choice?.name, body.tool_choice?.type === "any", tools),
    schema: schemaOf(body.output_config),
    maxTokens: body.max_tokens,
    temperature: body.temperature,
    stop: body.stop_sequences,
    isReasoning,
  };
}

function systemOf(system) {
  if (system === undefined || typeof system === "string") {
    return system ?? "";
  }
  return system
    .map((block, at) => {
      onlyMembers(block, `system[${at}]`, ["type", "text", "cache_control", "citations"]);
      mustBeText(block.text, `system[${at}].text`);
      return block.text;
    })
    .join("\n");
}

function partsOf(content, where, role) {
  if (typeof content === "string") {
    must(content.trim() !== "", `${where}: text content blocks must be non-empty`);
    return [{ type: "text", text: content }];
  }
  mustBeList(content, `${where}.content`);
  const kinds = role === "user"
    ? ["text", "image", "document", "tool_result", "search_result"]
    : ["text", "thinking", "redacted_thinking", "tool_use"];
  return content.map((block, at) => {
    const here = `${where}.content[${at}]`;
    oneOf(block.type, `${here}.type`, kinds);
    switch (block.type) {
      case "text":
        onlyMembers(block, here, ["type", "text", "cache_control", "citations"]);
        must(typeof block.text === "string" && block.text.trim() !== "", `${here}: text content blocks must be non-empty`);
        return { type: "text", text: block.text };
      case "image":
        onlyMembers(block, here, ["type", "source", "cache_control"]);
        return imageOf(block.source, `${here}.source`);
      case "document":
        onlyMembers(block, here, ["type", "source", "title", "context", "citations", "cache_control"]);
        return { type: "document", name: block.title };
      case "tool_use":
        onlyMembers(block, here, ["type", "id", "name", "input", "cache_control"]);
        must(ID.test(block.id), `${here}.id must match ${ID}: ${block.id}`);
        must(NAME.test(block.name), `${here}.name is no name: ${block.name}`);
        mustBeObject(block.input, `${here}.input`);
        return { type: "call", id: block.id, name: block.name, arguments: block.input };
      case "tool_result":
        onlyMembers(block, here, ["type", "tool_use_id", "content", "is_error", "cache_control"]);
        must(ID.test(block.tool_use_id), `${here}.tool_use_id must match ${ID}: ${block.tool_use_id}`);
        return { type: "result", id: block.tool_use_id, text: resultText(block.content, here), failed: block.is_error };
      case "thinking":
        onlyMembers(block, here, ["type", "thinking", "signature"]);
        must(block.signature === thoughtOf("anthropic").reasoningSignature && block.thinking === thoughtOf("anthropic").reasoning,
          `${here}: Invalid \`signature\` in \`thinking\` block: ${block.thinking}`);
        return { type: "thought", text: block.thinking };
      default:
        return { type: block.type };
    }
  });
}

function resultText(content, where) {
  if (content === undefined || typeof content === "string") {
    return content ?? "";
  }
  return content
    .map((block, at) => {
      oneOf(block.type, `${where}.content[${at}].type`, ["text", "image", "document", "search_result"]);
      return block.type === "text" ? block.text : "";
    })
    .join("");
}

function imageOf(source, where) {
  oneOf(source?.type, `${where}.type`, ["base64", "url", "file"]);
  if (source.type === "base64") {
    onlyMembers(source, where, ["type", "media_type", "data"]);
    oneOf(source.media_type, `${where}.media_type`, MEDIA);
    return { type: "image", media: source.media_type, bytes: sizeOf(source.data, `${where}.data`) };
  }
  onlyMembers(source, where, ["type", "url", "file_id"]);
  must(source.type !== "url" || /^https:\/\//.test(source.url), `${where}.url must be https: ${source.url}`);
  return { type: "image", url: source.url };
}

function toolsOf(body, turns) {
  if (body.tools === undefined) {
    must(body.tool_choice === undefined, "tool_choice may only be specified while providing tools");
    must(!turns.some((turn) => turn.parts.some((part) => part.type === "call")),
      "Requests which include `tool_use` or `tool_result` blocks must define tools");
    return [];
  }
  mustBeList(body.tools, "tools");
  if (body.tool_choice !== undefined) {
    onlyMembers(body.tool_choice, "tool_choice", ["type", "name", "disable_parallel_tool_use"]);
    oneOf(body.tool_choice.type, "tool_choice.type", ["auto", "any", "tool", "none"]);
    must((body.tool_choice.type === "tool") === (body.tool_choice.name !== undefined), "tool_choice.name goes with tool");
  }
  return body.tools.map((tool, at) => {
    const where = `tools[${at}]`;
    onlyMembers(tool, where, ["type", "name", "description", "input_schema", "cache_control", "strict", "eager_input_streaming"]);
    must(tool.type === undefined || tool.type === "custom", `${where}.type: ${tool.type}`);
    must(NAME.test(tool.name), `${where}.name is no name: ${tool.name}`);
    mustBeObject(tool.input_schema, `${where}.input_schema`);
    must(tool.input_schema.type === "object", `${where}.input_schema.type must be object`);
    functionSchema(tool.input_schema, `${where}.input_schema`, { properties: false });
    if (tool.strict === true) {
      claudesSchema(tool.input_schema, `${where}.input_schema`);
      closedSchema(tool.input_schema, `${where}.input_schema`, false);
    }
    return { name: tool.name, description: tool.description, schema: tool.input_schema };
  });
}

function schemaOf(config) {
  if (config === undefined) {
    return undefined;
  }
  onlyMembers(config, "output_config", ["effort", "format"]);
  if (config.format === undefined) {
    return undefined;
  }
  onlyMembers(config.format, "output_config.format", ["type", "schema"]);
  must(config.format.type === "json_schema", `output_config.format.type: ${config.format.type}`);
  closedSchema(config.format.schema, "output_config.format.schema", false);
  claudesSchema(config.format.schema, "output_config.format.schema");
  return config.format.schema;
}

function fail(response, status, message) {
  json(response, status, { type: "error", error: { type: TYPES[status] ?? "api_error", message }, request_id: "req_mock" }, {
    "request-id": "req_mock",
  });
}

export default { name: "anthropic", overloaded: 529, checkCaller, understand, fail };
