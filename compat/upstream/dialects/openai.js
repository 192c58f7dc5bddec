// OpenAI Chat Completions. Rules: the API reference, and what the API says when they are broken.

import {
  answersFollowCalls, forced, bearer, closedSchema, imageAt, joined, json, must, mustBeList, mustBeNumber, mustBeObject,
  mustBeText, oneOf, onlyMembers, parsedObject, sizeOf,
} from "./strict.js";
import { functionSchema, longestUser, mistral, mostTools, reasoningModel } from "./limits.js";

const BODY = [
  "messages", "model", "audio", "frequency_penalty", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens",
  "metadata", "modalities", "n", "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key",
  "prompt_cache_retention", "reasoning_effort", "response_format", "safety_identifier", "seed", "service_tier", "stop",
  "store", "stream", "stream_options", "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user", "verbosity",
  "web_search_options",
];
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const TYPES = { 400: "invalid_request_error", 401: "authentication_error", 429: "rate_limit_error" };

function checkCaller({ headers }) {
  bearer(headers, "upstream-key");
}

function understand(body) {
  mustBeText(body.model, "model");
  if (body.model.startsWith("mistral")) {
    mustBeList(body.messages, "messages");
    mistral(body);
  } else {
    onlyMembers(body, "body", BODY);
  }
  mustBeList(body.messages, "messages");
  mustBeNumber(body.temperature, "temperature", 0, 2);
  mustBeNumber(body.top_p, "top_p", 0, 1);
  mustBeNumber(body.max_tokens, "max_tokens", 1, 1e6);
  mustBeNumber(body.max_completion_tokens, "max_completion_tokens", 1, 1e6);
  must(body.max_tokens === undefined || body.max_completion_tokens === undefined, "there are two limits of tokens");
  must(!body.stream_options || body.stream === true, "stream_options are for streams");
  longestUser(body.user, "user", 64);
  mostTools(body.tools, 128);
  reasoningModel(body, body.reasoning_effort, body.max_tokens === undefined ? undefined : "max_tokens");
  must(body.stop === undefined || [body.stop].flat().length <= 4, "stop may have 4 texts");
  const tools = toolsOf(body);
  const turns = [];
  const system = [];
  body.messages.forEach((message, at) => {
    const where = `messages[${at}]`;
    oneOf(message.role, `${where}.role`, ["system", "developer", "user", "assistant", "tool"]);
    if (message.role === "system" || message.role === "developer") {
      onlyMembers(message, where, ["role", "content", "name"]);
      system.push(...parts(message.content, where, ["text"]).map((part) => part.text));
    } else if (message.role === "user") {
      onlyMembers(message, where, ["role", "content", "name"]);
      turns.push({ role: "user", parts: parts(message.content, where, ["text", "image_url", "file", "input_audio"]) });
    } else if (message.role === "assistant") {
      turns.push({ role: "assistant", parts: saidParts(message, where) });
    } else {
      onlyMembers(message, where, ["role", "content", "tool_call_id"]);
      must(at > 0 && (body.messages[at - 1].role === "tool" || body.messages[at - 1].tool_calls),
        `${where}: messages with role 'tool' must be a response to a preceding message with 'tool_calls'`);
      mustBeText(message.tool_call_id, `${where}.tool_call_id`);
      const text = parts(message.content, where, ["text"]).map((part) => part.text).join("");
      turns.push({ role: "user", parts: [{ type: "result", id: message.tool_call_id, text }] });
    }
  });
  answersFollowCalls(joined(turns), "messages");
  return {
    model: body.model,
    user: body.user,
    stream: body.stream === true,
    system: system.join("\n"),
    turns: joined(turns),
    tools,
    toolChoice: body.tool_choice,
    forced: forced(body.tool_choice?.function?.name, body.tool_choice === "required", tools),
    schema: schemaOf(body.response_format),
    maxTokens: body.max_completion_tokens ?? body.max_tokens,
    temperature: body.temperature,
    stop: body.stop === undefined ? undefined : [body.stop].flat(),
  };
}

function parts(content, where, kinds) {
  if (typeof content === "string") {
    return content === "" ? [] : [{ type: "text", text: content }];
  }
  mustBeList(content, `${where}.content`);
  return content.map((part, at) => {
    const here = `${where}.content[${at}]`;
    oneOf(part.type, `${here}.type`, kinds);
    switch (part.type) {
      case "text":
        onlyMembers(part, here, ["type", "text"]);
        must(typeof part.text === "string", `${here}.text must be a text`);
        return { type: "text", text: part.text };
      case "refusal":
        return { type: "text", text: part.refusal };
      case "image_url":
        onlyMembers(part, here, ["type", "image_url"]);
        onlyMembers(part.image_url, `${here}.image_url`, ["url", "detail"]);
        return imageAt(part.image_url.url, `${here}.image_url.url`);
      case "file":
        onlyMembers(part, here, ["type", "file"]);
        onlyMembers(part.file, `${here}.file`, ["file_data", "file_id", "filename"]);
        return { type: "document", name: part.file.filename };
      default:
        onlyMembers(part.input_audio, `${here}.input_audio`, ["data", "format"]);
        return { type: "audio", bytes: sizeOf(part.input_audio.data, `${here}.input_audio.data`) };
    }
  });
}

function saidParts(message, where) {
  onlyMembers(message, where, ["role", "content", "name", "refusal", "audio", "tool_calls"]);
  const calls = message.tool_calls ?? [];
  must(message.tool_calls === undefined || calls.length > 0, `${where}.tool_calls is an empty array`);
  must(calls.length > 0 || (message.content !== null && message.content !== undefined),
    `${where} has neither content nor tool_calls`);
  const words = message.content === null || message.content === undefined ? [] : parts(message.content, where, ["text", "refusal"]);
  return [
    ...words,
    ...calls.map((call, at) => {
      const here = `${where}.tool_calls[${at}]`;
      onlyMembers(call, here, ["id", "type", "function"]);
      must(call.type === "function", `${here}.type must be function`);
      mustBeText(call.id, `${here}.id`);
      must(call.id.length <= 40, `${here}.id is longer than 40: ${call.id}`);
      onlyMembers(call.function, `${here}.function`, ["name", "arguments"]);
      must(NAME.test(call.function.name), `${here}.function.name is no name: ${call.function.name}`);
      return {
        type: "call",
        id: call.id,
        name: call.function.name,
        arguments: parsedObject(call.function.arguments, `${here}.function.arguments`),
      };
    }),
  ];
}

function toolsOf(body) {
  if (body.tools === undefined) {
    must(body.tool_choice === undefined, "tool_choice is only allowed when tools are specified");
    must(body.parallel_tool_calls === undefined, "parallel_tool_calls is only allowed when tools are specified");
    return [];
  }
  mustBeList(body.tools, "tools");
  const choice = body.tool_choice;
  if (typeof choice === "object") {
    must(choice.type === "function" && NAME.test(choice.function?.name), "tool_choice names no function");
  } else if (choice !== undefined) {
    oneOf(choice, "tool_choice", ["none", "auto", "required"]);
  }
  return body.tools.map((tool, at) => {
    const where = `tools[${at}]`;
    onlyMembers(tool, where, ["type", "function"]);
    must(tool.type === "function", `${where}.type must be function`);
    const { name, description, parameters, strict } = tool.function;
    onlyMembers(tool.function, `${where}.function`, ["name", "description", "parameters", "strict"]);
    must(NAME.test(name), `${where}.function.name is no name: ${name}`);
    if (parameters !== undefined) {
      mustBeObject(parameters, `${where}.function.parameters`);
      must(parameters.type === "object", `${where}.function.parameters must be an object's schema`);
      functionSchema(parameters, `${where}.function.parameters`);
    }
    // Only OpenAI says what a strict schema has to be.
    if (strict === true && !body.model.startsWith("mistral")) {
      closedSchema(parameters, `${where}.function.parameters`, true);
    }
    return { name, description, schema: parameters };
  });
}

function schemaOf(format) {
  if (format === undefined) {
    return undefined;
  }
  oneOf(format.type, "response_format.type", ["text", "json_object", "json_schema"]);
  if (format.type !== "json_schema") {
    return undefined;
  }
  onlyMembers(format, "response_format", ["type", "json_schema"]);
  const { name, schema, strict } = format.json_schema;
  onlyMembers(format.json_schema, "response_format.json_schema", ["name", "schema", "strict", "description"]);
  must(NAME.test(name), `response_format.json_schema.name is no name: ${name}`);
  if (strict === true) {
    closedSchema(schema, "response_format.json_schema.schema", true);
  }
  return schema;
}

function fail(response, status, message) {
  const type = TYPES[status] ?? (status >= 500 ? "server_error" : "invalid_request_error");
  json(response, status, { error: { message, type, param: null, code: null } });
}

export default { name: "openai", overloaded: 503, checkCaller, understand, fail };
