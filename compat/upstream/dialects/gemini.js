// Google Gemini, generateContent and streamGenerateContent.

import {
  alternate, forced, json, must, mustBeList, mustBeNumber, mustBeObject, mustBeText, oneOf, onlyMembers, onlyOne, Refusal, sizeOf,
} from "./strict.js";
import { functionSchema } from "./limits.js";

const BODY = [
  "cachedContent", "contents", "generationConfig", "labels", "safetySettings", "serviceTier", "store", "systemInstruction",
  "toolConfig", "tools",
];
const CONFIG = [
  "candidateCount", "frequencyPenalty", "imageConfig", "logprobs", "maxOutputTokens", "mediaResolution", "presencePenalty",
  "responseJsonSchema", "responseLogprobs", "responseMimeType", "responseModalities", "responseSchema", "seed",
  "speechConfig", "stopSequences", "temperature", "thinkingConfig", "topK", "topP",
];
const DATA = ["text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult"];
const BESIDE = ["thought", "thoughtSignature", "partMetadata", "mediaResolution", "videoMetadata"];
const NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;
/** Gemini's own schemas are OpenAPI's, of which it has no more than these. */
const SCHEMA = [
  "anyOf", "default", "description", "enum", "example", "format", "items", "maxItems", "maxLength", "maxProperties",
  "maximum", "minItems", "minLength", "minProperties", "minimum", "nullable", "pattern", "properties", "propertyOrdering",
  "required", "title", "type",
];
const STATUS = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

function checkCaller({ headers, path }) {
  if (headers["x-goog-api-key"] !== "upstream-key") {
    throw new Refusal(`the key is not the provider's: x-goog-api-key is ${headers["x-goog-api-key"]}`, 401);
  }
  must(!path.includes(":streamGenerateContent") || path.endsWith("?alt=sse"), "a stream without alt=sse is one JSON array");
}

/** What callers fill in themselves: the names in there are theirs. */
const FREE = new Set(["args", "labels", "parametersJsonSchema", "response", "responseJsonSchema"]);

/** Google takes its names in both spellings, and its SDK for Python sends the other one. */
function inOneSpelling(value, namesAreFree = false) {
  if (Array.isArray(value)) {
    return value.map((each) => inOneSpelling(each));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const spelled = namesAreFree ? name : name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
      return [spelled, FREE.has(spelled) ? member : inOneSpelling(member, spelled === "properties" && !namesAreFree)];
    }),
  );
}

function understand(raw, { model, stream }) {
  const body = inOneSpelling(raw);
  onlyMembers(body, "body", BODY);
  mustBeList(body.contents, "contents");
  const turns = body.contents.map((content, at) => {
    const where = `contents[${at}]`;
    onlyMembers(content, where, ["role", "parts"]);
    oneOf(content.role, `${where}.role`, ["user", "model"]);
    mustBeList(content.parts, `${where}.parts`);
    return {
      role: content.role === "model" ? "assistant" : "user",
      parts: content.parts.map((part, index) => partOf(part, `${where}.parts[${index}]`, content.role)),
    };
  });
  alternate(turns, "contents");
  pair(turns);
  const config = body.generationConfig ?? {};
  onlyMembers(config, "generationConfig", CONFIG);
  mustBeNumber(config.temperature, "generationConfig.temperature", 0, 2);
  mustBeNumber(config.maxOutputTokens, "generationConfig.maxOutputTokens", 1, 1e6);
  must((config.stopSequences?.length ?? 0) <= 5, "generationConfig.stopSequences may have 5 texts");
  const schema = config.responseJsonSchema ?? config.responseSchema;
  must(!config.responseSchema || !config.responseJsonSchema, "there are two schemas");
  must(!schema || config.responseMimeType === "application/json", "a schema needs responseMimeType application/json");
  if (config.responseSchema) {
    ownSchema(config.responseSchema, "generationConfig.responseSchema");
  }
  const tools = toolsOf(body);
  must(tools.length === 0 || config.responseMimeType !== "application/json",
    "Function calling with a response mime type: 'application/json' is unsupported");
  const choice = body.toolConfig?.functionCallingConfig;
  return {
    model,
    stream: stream === true,
    system: body.systemInstruction ? instructions(body.systemInstruction) : "",
    turns,
    tools,
    toolChoice: choice,
    forced: forced(choice?.allowedFunctionNames?.[0], choice?.mode === "ANY", tools),
    schema,
    maxTokens: config.maxOutputTokens,
    temperature: config.temperature,
    stop: config.stopSequences,
  };
}

function instructions(content) {
  onlyMembers(content, "systemInstruction", ["role", "parts"]);
  mustBeList(content.parts, "systemInstruction.parts");
  return content.parts
    .map((part, at) => {
      mustBeText(part.text, `systemInstruction.parts[${at}].text`);
      return part.text;
    })
    .join("\n");
}

function partOf(part, where, role) {
  const kind = onlyOne(part, where, DATA, BESIDE);
  switch (kind) {
    case "text":
      must(typeof part.text === "string", `${where}.text must be a text`);
      return { type: part.thought ? "thought" : "text", text: part.text };
    case "inlineData": {
      onlyMembers(part.inlineData, `${where}.inlineData`, ["mimeType", "data", "displayName"]);
      const bytes = sizeOf(part.inlineData.data, `${where}.inlineData.data`);
      const media = part.inlineData.mimeType;
      mustBeText(media, `${where}.inlineData.mimeType`);
      return { type: media.startsWith("image/") ? "image" : "document", media, bytes };
    }
    case "fileData":
      onlyMembers(part.fileData, `${where}.fileData`, ["mimeType", "fileUri", "displayName"]);
      mustBeText(part.fileData.fileUri, `${where}.fileData.fileUri`);
      return { type: "image", url: part.fileData.fileUri };
    case "functionCall":
      must(role === "model", `${where}: only the model calls functions`);
      onlyMembers(part.functionCall, `${where}.functionCall`, ["id", "name", "args"]);
      must(NAME.test(part.functionCall.name), `${where}.functionCall.name is no name: ${part.functionCall.name}`);
      mustBeObject(part.functionCall.args ?? {}, `${where}.functionCall.args`);
      return {
        type: "call",
        id: part.functionCall.id,
        name: part.functionCall.name,
        arguments: part.functionCall.args ?? {},
      };
    case "functionResponse": {
      must(role === "user", `${where}: only the user answers functions`);
      onlyMembers(part.functionResponse, `${where}.functionResponse`, ["id", "name", "response", "parts", "scheduling", "willContinue"]);
      const { id, name, response } = part.functionResponse;
      must(NAME.test(name), `${where}.functionResponse.name is no name: ${name}`);
      mustBeObject(response, `${where}.functionResponse.response`);
      const said = response.output ?? response.result ?? response.error ?? response;
      return { type: "result", id, name, text: typeof said === "string" ? said : JSON.stringify(said) };
    }
    default:
      return { type: kind };
  }
}

/** Ids are optional: without them, answers belong to the calls of the same name in their order. */
function pair(turns) {
  let number = 0;
  turns.forEach((turn, at) => {
    const calls = turn.parts.filter((part) => part.type === "call");
    const results = turns[at + 1]?.parts.filter((part) => part.type === "result") ?? [];
    must(calls.length === results.length,
      "Please ensure that the number of function response parts is equal to the number of function call parts of the"
        + ` function call turn (${calls.length} in contents[${at}], ${results.length} after it)`);
    const open = [...calls];
    for (const result of results) {
      const found = open.findIndex((call) => call.name === result.name && (!call.id || !result.id || call.id === result.id));
      must(found >= 0, `contents[${at + 1}] answers ${result.name} (${result.id}), which the turn before did not call so`);
      const [call] = open.splice(found, 1);
      result.id = call.id = call.id ?? `unnamed-${number++}`;
    }
  });
  must(!turns[0].parts.some((part) => part.type === "result"), "contents[0] answers a call that nobody made");
}

function toolsOf(body) {
  if (body.tools === undefined) {
    must(body.toolConfig?.functionCallingConfig === undefined, "Function calling config is set without function_declarations");
    return [];
  }
  mustBeList(body.tools, "tools");
  const tools = body.tools.flatMap((tool, at) => {
    onlyMembers(tool, `tools[${at}]`, ["functionDeclarations", "googleSearch", "codeExecution", "urlContext"]);
    return (tool.functionDeclarations ?? []).map((declaration, index) => {
      const where = `tools[${at}].functionDeclarations[${index}]`;
      onlyMembers(declaration, where,
        ["name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema", "behavior"]);
      must(NAME.test(declaration.name), `${where}.name is no name: ${declaration.name}`);
      must(!declaration.parameters || !declaration.parametersJsonSchema, `${where} has two schemas`);
      if (declaration.parametersJsonSchema) {
        const here = `${where}.parametersJsonSchema`;
        functionSchema(declaration.parametersJsonSchema, here, { rootUnions: true });
        must(Object.keys(declaration.parametersJsonSchema.properties ?? { $ref: "" }).length > 0,
          `${here}.properties: should be non-empty for OBJECT type`);
      }
      if (declaration.parameters) {
        ownSchema(declaration.parameters, `${where}.parameters`);
      }
      return {
        name: declaration.name,
        description: declaration.description,
        schema: declaration.parametersJsonSchema ?? declaration.parameters,
      };
    });
  });
  if (body.toolConfig !== undefined) {
    onlyMembers(body.toolConfig, "toolConfig", ["functionCallingConfig", "retrievalConfig"]);
    const choice = body.toolConfig.functionCallingConfig;
    onlyMembers(choice, "functionCallingConfig", ["mode", "allowedFunctionNames"]);
    oneOf(choice.mode, "functionCallingConfig.mode", ["AUTO", "ANY", "NONE", "VALIDATED"]);
    must(!choice.allowedFunctionNames || ["ANY", "VALIDATED"].includes(choice.mode),
      `Allowed function names are set without mode ANY, but ${choice.mode}`);
  }
  return tools;
}

function ownSchema(schema, where) {
  onlyMembers(schema, where, SCHEMA);
  Object.entries(schema.properties ?? {}).forEach(([name, member]) => ownSchema(member, `${where}.${name}`));
  (schema.anyOf ?? []).forEach((choice, at) => ownSchema(choice, `${where}.anyOf[${at}]`));
  if (schema.items) {
    ownSchema(schema.items, `${where}[]`);
  }
}

function fail(response, status, message) {
  json(response, status, { error: { code: status, message, status: STATUS[status] ?? "UNKNOWN" } });
}

export default { name: "gemini", overloaded: 503, checkCaller, understand, fail };
