// OpenAI Responses.

import openai from "./openai.js";
import {
  answersFollowCalls, forced, closedSchema, imageAt, joined, must, mustBeList, mustBeNumber, mustBeObject, mustBeText, oneOf,
  onlyMembers, parsedObject,
} from "./strict.js";
import { functionSchema, longestUser, mostTools, reasoningModel } from "./limits.js";
import { thoughtOf } from "../scenes.js";

const BODY = [
  "background", "client_metadata", "conversation", "include", "input", "instructions", "max_output_tokens", "max_tool_calls", "metadata",
  "model", "parallel_tool_calls", "previous_response_id", "prompt", "prompt_cache_key", "prompt_cache_retention",
  "reasoning", "safety_identifier", "service_tier", "store", "stream", "stream_options", "temperature", "text",
  "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user",
];
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
/** The tools that are no functions, as far as applications offer them, with their members. */
const OTHER_TOOLS = {
  custom: ["name", "description", "format", "defer_loading"],
  local_shell: [],
  namespace: ["name", "description", "tools"],
  tool_search: ["execution", "description", "parameters"],
  web_search: ["external_web_access", "filters", "search_content_types", "search_context_size", "user_location"],
};

function understand(body) {
  onlyMembers(body, "body", BODY);
  mustBeText(body.model, "model");
  mustBeNumber(body.temperature, "temperature", 0, 2);
  mustBeNumber(body.top_p, "top_p", 0, 1);
  mustBeNumber(body.max_output_tokens, "max_output_tokens", 16, 1e6);
  longestUser(body.user, "user", 64);
  mostTools(body.tools, 128);
  reasoningModel(body, body.reasoning?.effort);
  must(!body.stream_options || body.stream === true, "stream_options are for streams");
  const system = body.instructions ? [body.instructions] : [];
  const turns = [];
  const items = typeof body.input === "string" ? [{ role: "user", content: body.input }] : body.input;
  mustBeList(items, "input");
  items.forEach((item, at) => {
    const where = `input[${at}]`;
    switch (item.type ?? "message") {
      case "message":
        message(item, where, system, turns);
        break;
      case "function_call":
        onlyMembers(item, where, ["type", "id", "call_id", "name", "arguments", "status"]);
        must(item.id === undefined || item.id.startsWith("fc"), `${where}.id must begin with fc: ${item.id}`);
        mustBeText(item.call_id, `${where}.call_id`);
        must(item.call_id.length <= 64, `${where}.call_id is longer than 64`);
        must(NAME.test(item.name), `${where}.name is no name: ${item.name}`);
        turns.push({
          role: "assistant",
          parts: [{
            type: "call",
            id: item.call_id,
            name: item.name,
            arguments: parsedObject(item.arguments, `${where}.arguments`),
          }],
        });
        break;
      case "function_call_output": {
        onlyMembers(item, where, ["type", "id", "call_id", "output", "status"]);
        mustBeText(item.call_id, `${where}.call_id`);
        const output = typeof item.output === "string"
          ? [{ type: "text", text: item.output }]
          : parts(item.output, `${where}.output`, ["input_text", "input_image", "input_file"]);
        const text = output.filter((part) => part.type === "text").map((part) => part.text).join("");
        turns.push({ role: "user", parts: [{ type: "result", id: item.call_id, text }] });
        break;
      }
      case "reasoning":
        onlyMembers(item, where, ["type", "id", "summary", "content", "encrypted_content", "status"]);
        must(item.id?.startsWith("rs") || (item.id === undefined && isSealed(item)), `${where}.id must begin with rs: ${item.id}`);
        must(item.summary.map((part) => part.text).join("") === thoughtOf("responses").reasoning
          || (item.summary.length === 0 && isSealed(item)),
          `${where}: a thought that is not OpenAI's: ${JSON.stringify(item.summary)}`);
        turns.push({ role: "assistant", parts: [{ type: "thought", text: thoughtOf("responses").reasoning }] });
        break;
      case "item_reference":
        // OpenAI keeps what it answered; of that, only thoughts are referred to in these suites.
        must(item.id?.startsWith("rs"), `Item with id '${item.id}' not found.`);
        turns.push({ role: "assistant", parts: [{ type: "thought", text: thoughtOf("responses").reasoning }] });
        break;
      default:
        must(false, `${where}.type is not known: ${item.type}`);
    }
  });
  answersFollowCalls(joined(turns), "input");
  const tools = toolsOf(body);
  return {
    model: body.model,
    user: body.user,
    stream: body.stream === true,
    system: system.join("\n"),
    turns: joined(turns),
    tools,
    toolChoice: body.tool_choice,
    forced: forced(body.tool_choice?.name, body.tool_choice === "required", tools),
    schema: schemaOf(body.text),
    maxTokens: body.max_output_tokens,
    temperature: body.temperature,
  };
}

/** Reasoning that the mock itself has encrypted, which needs neither an id nor a summary to be taken back. */
function isSealed(item) {
  return Buffer.from(item.encrypted_content ?? "", "base64").toString("latin1").startsWith("aimock-encrypted-reasoning:");
}

function message(item, where, system, turns) {
  onlyMembers(item, where, ["type", "id", "role", "content", "status", "phase"]);
  oneOf(item.role, `${where}.role`, ["system", "developer", "user", "assistant"]);
  must(item.id === undefined || item.id.startsWith("msg"), `${where}.id must begin with msg: ${item.id}`);
  const kinds = item.role === "assistant" ? ["output_text", "refusal"] : ["input_text", "input_image", "input_file"];
  const content = typeof item.content === "string"
    ? [{ type: "text", text: item.content }]
    : parts(item.content, `${where}.content`, kinds);
  if (item.role === "user" || item.role === "assistant") {
    turns.push({ role: item.role, parts: content });
  } else {
    system.push(...content.map((part) => part.text));
  }
}

function parts(content, where, kinds) {
  mustBeList(content, where);
  return content.map((part, at) => {
    const here = `${where}[${at}]`;
    oneOf(part.type, `${here}.type`, kinds);
    switch (part.type) {
      case "input_text":
        onlyMembers(part, here, ["type", "text"]);
        return { type: "text", text: part.text };
      case "output_text":
        onlyMembers(part, here, ["type", "text", "annotations", "logprobs"]);
        return { type: "text", text: part.text };
      case "refusal":
        return { type: "text", text: part.refusal };
      case "input_image":
        onlyMembers(part, here, ["type", "image_url", "file_id", "detail"]);
        must(part.detail === undefined || ["auto", "low", "high"].includes(part.detail), `${here}.detail: ${part.detail}`);
        return imageAt(part.image_url, `${here}.image_url`);
      default:
        onlyMembers(part, here, ["type", "file_data", "file_id", "file_url", "filename", "detail"]);
        return { type: "document", name: part.filename };
    }
  });
}

function toolsOf(body) {
  if (body.tools === undefined) {
    must(body.tool_choice === undefined || ["auto", "none"].includes(body.tool_choice),
      "tool_choice asks for a tool, and there is none");
    return [];
  }
  mustBeList(body.tools, "tools");
  const choice = body.tool_choice;
  if (typeof choice === "object") {
    must(choice.type !== "function" || NAME.test(choice.name), "tool_choice names no function");
  } else if (choice !== undefined) {
    oneOf(choice, "tool_choice", ["none", "auto", "required"]);
  }
  return body.tools.map((tool, at) => {
    const where = `tools[${at}]`;
    if (OTHER_TOOLS[tool.type]) {
      onlyMembers(tool, where, ["type", ...OTHER_TOOLS[tool.type]]);
      return { name: tool.name ?? tool.type, description: tool.description };
    }
    must(tool.type === "function", `${where}.type is not known: ${tool.type}`);
    onlyMembers(tool, where, ["type", "name", "description", "parameters", "strict"]);
    must(NAME.test(tool.name), `${where}.name is no name: ${tool.name}`);
    mustBeObject(tool.parameters, `${where}.parameters`);
    functionSchema(tool.parameters, `${where}.parameters`);
    // What says nothing is strict if it can be, unlike in Chat Completions.
    if (tool.strict === true) {
      closedSchema(tool.parameters, `${where}.parameters`, true);
    }
    return { name: tool.name, description: tool.description, schema: tool.parameters };
  });
}

function schemaOf(text) {
  if (text === undefined) {
    return undefined;
  }
  onlyMembers(text, "text", ["format", "verbosity"]);
  if (text.format === undefined) {
    return undefined;
  }
  oneOf(text.format.type, "text.format.type", ["text", "json_object", "json_schema"]);
  if (text.format.type !== "json_schema") {
    return undefined;
  }
  onlyMembers(text.format, "text.format", ["type", "name", "schema", "strict", "description"]);
  must(NAME.test(text.format.name), `text.format.name is no name: ${text.format.name}`);
  if (text.format.strict !== false) {
    closedSchema(text.format.schema, "text.format.schema", true);
  }
  return text.format.schema;
}

export default { ...openai, name: "responses", understand };
