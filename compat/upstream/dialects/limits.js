// What vendors publish as limits of a request, beside the form of their dialects: docs/translation.md has the same table.

import { must } from "./strict.js";

const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"];
const UNIONS = ["anyOf", "oneOf", "allOf"];
const DESCRIBES_MEMBERS = ["properties", "additionalProperties", "patternProperties", "$ref", ...UNIONS];
/** What Claude refuses in a schema that it enforces. */
const UNKNOWN_TO_CLAUDE = [
  "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "maxItems",
  "uniqueItems", "minProperties", "maxProperties",
];

/** A function's schema: an object with properties, arrays with items, types in lower case. */
export function functionSchema(schema, where, { rootUnions = false, properties = true } = {}) {
  must(!properties || schema.properties !== undefined || schema.$ref !== undefined, `${where}: object schema missing properties`);
  for (const union of rootUnions ? [] : UNIONS) {
    must(schema[union] === undefined, `${where} has ${union} at the top level`);
  }
  plainSchema(schema, where, properties);
}

/** @param properties whether an object has to say what its members are, which Anthropic does not require */
function plainSchema(schema, where, properties) {
  if (typeof schema !== "object" || schema === null) {
    return;
  }
  const types = [schema.type ?? []].flat();
  for (const type of types) {
    must(TYPES.includes(type), `${where}.type is not known: ${type}`);
  }
  must(!properties || !types.includes("object") || DESCRIBES_MEMBERS.some((name) => schema[name] !== undefined),
    `${where}: object schema missing properties`);
  must(!properties || !types.includes("array") || schema.items !== undefined || schema.prefixItems !== undefined,
    `${where}: array schema missing items`);
  must(!Array.isArray(schema.items), `${where}.items must be a schema`);
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    plainSchema(member, `${where}.${name}`, properties);
  }
  for (const union of UNIONS) {
    (schema[union] ?? []).forEach((choice, at) => plainSchema(choice, `${where}.${union}[${at}]`, properties));
  }
  plainSchema(schema.items, `${where}[]`, properties);
}

/** Claude's subset of JSON schema, at Anthropic and on Bedrock. */
export function claudesSchema(schema, where) {
  if (typeof schema !== "object" || schema === null) {
    return;
  }
  for (const name of UNKNOWN_TO_CLAUDE) {
    must(schema[name] === undefined, `${where}: property '${name}' is not supported`);
  }
  Object.entries(schema.properties ?? {}).forEach(([name, member]) => claudesSchema(member, `${where}.${name}`));
  claudesSchema(schema.items, `${where}[]`);
}

export function longestUser(user, where, most) {
  must(user === undefined || user.length <= most, `Invalid '${where}': string too long. Expected a string with maximum length ${most}`);
}

export function mostTools(tools, most) {
  must(tools === undefined || tools.length <= most, `Invalid 'tools': array too long. Expected an array with maximum length ${most}`);
}

/** The efforts of OpenAI's reasoning models; undefined for models that do not reason. */
export function effortsOf(model) {
  const version = Number(model.match(/^gpt-(\d+(?:\.\d+)?)/)?.[1] ?? 0);
  if (/^o\d/.test(model)) {
    return ["low", "medium", "high"];
  }
  if (version < 5 || /-chat/.test(model)) {
    return undefined;
  }
  if (/-pro/.test(model)) {
    return version < 5.2 ? ["high"] : ["medium", "high", "xhigh"];
  }
  if (/-codex/.test(model)) {
    return version < 5.2 && !/-max/.test(model) ? ["low", "medium", "high"] : ["low", "medium", "high", "xhigh"];
  }
  return version < 5.1 ? ["minimal", "low", "medium", "high"]
    : version < 5.2 ? ["none", "low", "medium", "high"]
    : ["none", "low", "medium", "high", "xhigh"];
}

/** What OpenAI's reasoning models refuse. */
export function reasoningModel(body, effort, limit) {
  const efforts = effortsOf(body.model);
  if (efforts === undefined) {
    return;
  }
  must(limit === undefined, `Unsupported parameter: '${limit}' is not supported with this model. Use 'max_completion_tokens' instead.`);
  must(effort === undefined || efforts.includes(effort),
    `Unsupported value: '${effort}' is not supported with the '${body.model}' model. Supported values are: ${efforts}`);
  const off = efforts.includes("none") && (effort ?? "none") === "none";
  for (const name of off ? [] : ["temperature", "top_p"]) {
    must(body[name] === undefined || body[name] === 1, `Unsupported value: '${name}' does not support ${body[name]} with this model.`);
  }
}

const OF_MISTRAL = [
  "model", "messages", "temperature", "top_p", "max_tokens", "stream", "stop", "random_seed", "metadata", "response_format",
  "tools", "tool_choice", "presence_penalty", "frequency_penalty", "n", "prediction", "parallel_tool_calls", "prompt_mode",
  "reasoning_effort", "safe_prompt",
];

/** Mistral refuses members that it does not know, ids that are not its own, and a user right behind a tool. */
export function mistral(body) {
  for (const name of Object.keys(body)) {
    must(OF_MISTRAL.includes(name), `body.${name}: Extra inputs are not permitted`);
  }
  body.messages.forEach((message, at) => {
    const where = `messages[${at}]`;
    must(message.role !== "user" || body.messages[at - 1]?.role !== "tool",
      "Unexpected role 'user' after role 'tool'");
    must(message.role !== "developer", `${where}.role: Input tag 'developer' is not expected`);
    const ids = [message.tool_call_id, ...(message.tool_calls ?? []).map((call) => call.id)].filter((id) => id !== undefined);
    for (const id of ids) {
      must(/^[a-zA-Z0-9]{9}$/.test(id), `Tool call id was ${id} but must be a-z, A-Z, 0-9, with a length of 9.`);
    }
    for (const name of ["name", "refusal", "annotations", "audio", "reasoning_content"]) {
      must(message[name] === undefined, `${where}.${name}: Extra inputs are not permitted`);
    }
  });
}
