// Amazon Bedrock, Converse and ConverseStream.

import {
  alternate, answersFollowCalls, closedSchema, forced, json, must, mustBeList, mustBeNumber, mustBeObject, mustBeText, onlyMembers, onlyOne,
  oneOf, Refusal, sizeOf,
} from "./strict.js";
import { claudesSchema, functionSchema } from "./limits.js";
import { thoughtOf } from "../scenes.js";
import { signatureProblem } from "./sigv4.js";

const BODY = [
  "additionalModelRequestFields", "additionalModelResponseFieldPaths", "guardrailConfig", "inferenceConfig", "messages",
  "outputConfig", "performanceConfig", "promptVariables", "requestMetadata", "serviceTier", "system", "toolConfig",
];
const BLOCKS = [
  "audio", "cachePoint", "citationsContent", "document", "guardContent", "image", "reasoningContent", "searchResult", "text",
  "toolResult", "toolUse", "video",
];
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const ID = /^[a-zA-Z0-9_.:-]{1,64}$/;
const TYPES = {
  400: "ValidationException",
  401: "UnrecognizedClientException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  408: "ModelTimeoutException",
  424: "ModelErrorException",
  429: "ThrottlingException",
  500: "InternalServerException",
  503: "ServiceUnavailableException",
};

function checkCaller(request) {
  const problem = signatureProblem(request);
  if (problem) {
    throw new Refusal(problem, 403);
  }
}

function understand(body, { model, stream }) {
  onlyMembers(body, "body", BODY);
  mustBeList(body.messages, "messages");
  const turns = body.messages.map((message, at) => {
    const where = `messages[${at}]`;
    onlyMembers(message, where, ["role", "content"]);
    oneOf(message.role, `${where}.role`, ["user", "assistant"]);
    mustBeList(message.content, `${where}.content`);
    return {
      role: message.role,
      parts: message.content.map((block, index) => partOf(block, `${where}.content[${index}]`, message.role)),
    };
  });
  alternate(turns, "messages");
  answersFollowCalls(turns, "messages");
  const config = body.inferenceConfig ?? {};
  onlyMembers(config, "inferenceConfig", ["maxTokens", "stopSequences", "temperature", "topP"]);
  mustBeNumber(config.maxTokens, "inferenceConfig.maxTokens", 1, 1e6);
  mustBeNumber(config.temperature, "inferenceConfig.temperature", 0, 1);
  mustBeNumber(config.topP, "inferenceConfig.topP", 0, 1);
  const claude = model.includes("claude");
  must(!claude || config.temperature === undefined || config.topP === undefined,
    "The model returned the following errors: `temperature` and `top_p` cannot both be specified for this model.");
  const system = (body.system ?? []).map((block, at) => {
    const kind = onlyOne(block, `system[${at}]`, ["text", "cachePoint", "guardContent"]);
    must(kind !== "text" || block.text.trim() !== "", `system[${at}].text is blank`);
    return block.text ?? "";
  });
  const tools = toolsOf(body, turns, model);
  const choice = body.toolConfig?.toolChoice;
  return {
    model,
    stream: stream === true,
    system: system.join("\n"),
    turns,
    tools,
    toolChoice: choice,
    forced: forced(choice?.tool?.name, choice?.any !== undefined, tools),
    schema: schemaOf(body.outputConfig, claude),
    maxTokens: config.maxTokens,
    temperature: config.temperature,
    stop: config.stopSequences,
  };
}

function partOf(block, where, role) {
  const kind = onlyOne(block, where, BLOCKS);
  switch (kind) {
    case "text":
      must(typeof block.text === "string" && block.text.trim() !== "", `${where}.text is blank`);
      return { type: "text", text: block.text };
    case "image":
      onlyMembers(block.image, `${where}.image`, ["format", "source"]);
      oneOf(block.image.format, `${where}.image.format`, ["png", "jpeg", "gif", "webp"]);
      onlyOne(block.image.source, `${where}.image.source`, ["bytes", "s3Location"]);
      return {
        type: "image",
        media: `image/${block.image.format}`,
        bytes: sizeOf(block.image.source.bytes, `${where}.image.source.bytes`),
      };
    case "document":
      onlyMembers(block.document, `${where}.document`, ["format", "name", "source", "context", "citations"]);
      must(/^[a-zA-Z0-9\s()[\]-]{1,200}$/.test(block.document.name), `${where}.document.name: ${block.document.name}`);
      return { type: "document", name: block.document.name };
    case "toolUse":
      must(role === "assistant", `${where}: only the assistant uses tools`);
      onlyMembers(block.toolUse, `${where}.toolUse`, ["toolUseId", "name", "input", "type"]);
      must(ID.test(block.toolUse.toolUseId), `${where}.toolUse.toolUseId: ${block.toolUse.toolUseId}`);
      must(NAME.test(block.toolUse.name), `${where}.toolUse.name is no name: ${block.toolUse.name}`);
      mustBeObject(block.toolUse.input, `${where}.toolUse.input`);
      return { type: "call", id: block.toolUse.toolUseId, name: block.toolUse.name, arguments: block.toolUse.input };
    case "toolResult":
      must(role === "user", `${where}: only the user has tools' results`);
      onlyMembers(block.toolResult, `${where}.toolResult`, ["toolUseId", "content", "status", "type"]);
      must(ID.test(block.toolResult.toolUseId), `${where}.toolResult.toolUseId: ${block.toolResult.toolUseId}`);
      return {
        type: "result",
        id: block.toolResult.toolUseId,
        text: resultText(block.toolResult.content, `${where}.toolResult.content`),
        failed: block.toolResult.status === "error",
      };
    case "reasoningContent": {
      must(role === "assistant", `${where}: only the assistant thinks`);
      onlyOne(block.reasoningContent, `${where}.reasoningContent`, ["reasoningText", "redactedContent"]);
      const { text } = block.reasoningContent.reasoningText ?? {};
      must(text === thoughtOf("bedrock").reasoning, `${where}: a thought that is not the model's: ${text}`);
      return { type: "thought", text };
    }
    default:
      return { type: kind };
  }
}

function resultText(content, where) {
  must(Array.isArray(content), `${where} must be a list`);
  return content
    .map((block, at) => {
      const kind = onlyOne(block, `${where}[${at}]`, ["document", "image", "json", "text", "video", "searchResult"]);
      return kind === "text" ? block.text : kind === "json" ? JSON.stringify(block.json) : "";
    })
    .join("");
}

function toolsOf(body, turns, model) {
  if (body.toolConfig === undefined) {
    must(!turns.some((turn) => turn.parts.some((part) => part.type === "call" || part.type === "result")),
      "The toolConfig field must be defined when using toolUse and toolResult content blocks.");
    return [];
  }
  onlyMembers(body.toolConfig, "toolConfig", ["tools", "toolChoice"]);
  mustBeList(body.toolConfig.tools, "toolConfig.tools");
  if (body.toolConfig.toolChoice !== undefined) {
    onlyOne(body.toolConfig.toolChoice, "toolConfig.toolChoice", ["auto", "any", "tool"]);
  }
  must(model.includes("claude") || !body.toolConfig.tools.some((tool) => tool.cachePoint),
    "toolConfig.tools: the model does not support cache points among its tools");
  return body.toolConfig.tools
    .filter((tool) => tool.cachePoint === undefined)
    .map((tool, at) => {
      const where = `toolConfig.tools[${at}]`;
      onlyOne(tool, where, ["toolSpec", "systemTool"]);
      const { name, description, inputSchema } = tool.toolSpec;
      onlyMembers(tool.toolSpec, `${where}.toolSpec`, ["name", "description", "inputSchema", "strict"]);
      must(NAME.test(name), `${where}.toolSpec.name is no name: ${name}`);
      must(description === undefined || description.length > 0, `${where}.toolSpec.description is empty`);
      onlyMembers(inputSchema, `${where}.toolSpec.inputSchema`, ["json"]);
      mustBeObject(inputSchema.json, `${where}.toolSpec.inputSchema.json`);
      must(inputSchema.json.type === "object", `${where}.toolSpec.inputSchema.json.type must be object`);
      functionSchema(inputSchema.json, `${where}.toolSpec.inputSchema.json`);
      if (model.includes("nova")) {
        onlyMembers(inputSchema.json, `${where}.toolSpec.inputSchema.json`, ["type", "properties", "required"]);
      }
      if (tool.toolSpec.strict === true && model.includes("claude")) {
        claudesSchema(inputSchema.json, `${where}.toolSpec.inputSchema.json`);
        closedSchema(inputSchema.json, `${where}.toolSpec.inputSchema.json`, false);
      }
      return { name, description, schema: inputSchema.json };
    });
}

function schemaOf(config, claude) {
  if (config === undefined) {
    return undefined;
  }
  onlyMembers(config, "outputConfig", ["textFormat"]);
  onlyMembers(config.textFormat, "outputConfig.textFormat", ["type", "structure"]);
  must(config.textFormat.type === "json_schema", `outputConfig.textFormat.type: ${config.textFormat.type}`);
  const { jsonSchema } = config.textFormat.structure;
  onlyMembers(jsonSchema, "outputConfig.textFormat.structure.jsonSchema", ["schema", "name", "description"]);
  mustBeText(jsonSchema.schema, "outputConfig.textFormat.structure.jsonSchema.schema");
  const schema = JSON.parse(jsonSchema.schema);
  if (claude) {
    closedSchema(schema, "outputConfig.textFormat.structure.jsonSchema.schema", false);
    claudesSchema(schema, "outputConfig.textFormat.structure.jsonSchema.schema");
  }
  return schema;
}

function fail(response, status, message) {
  const type = TYPES[status] ?? "InternalServerException";
  json(response, status, { message }, { "x-amzn-errortype": `${type}:http://internal.amazon.com/coral/`, "x-amzn-requestid": "mock" });
}

export default { name: "bedrock", overloaded: 503, checkCaller, understand, fail };
