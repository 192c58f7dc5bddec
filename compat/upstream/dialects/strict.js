// What the dialects share: a refusal, and the questions that are asked of every request.

/** Why a vendor would not take the request. */
export class Refusal extends Error {
  constructor(message, status = 400) {
    super(message);
    this.status = status;
  }
}

export function must(condition, problem) {
  if (!condition) {
    throw new Refusal(problem);
  }
}

/** Vendors refuse names that they do not know, and so must we: a member of another vendor's would pass unseen. */
export function onlyMembers(value, where, names) {
  mustBeObject(value, where);
  for (const name of Object.keys(value)) {
    must(names.includes(name), `${where} has no member ${name}`);
  }
}

export function mustBeObject(value, where) {
  must(typeof value === "object" && value !== null && !Array.isArray(value), `${where} must be an object`);
}

export function mustBeList(value, where) {
  must(Array.isArray(value) && value.length > 0, `${where} must be a list with something in it`);
}

export function mustBeText(value, where) {
  must(typeof value === "string" && value.length > 0, `${where} must be a text with something in it`);
}

export function mustBeNumber(value, where, least, most) {
  must(value === undefined || (typeof value === "number" && value >= least && value <= most),
    `${where} must be a number from ${least} to ${most}, and is ${value}`);
}

export function oneOf(value, where, choices) {
  must(choices.includes(value), `${where} must be one of ${choices.join(", ")}, and is ${JSON.stringify(value)}`);
}

/** The only member of a union. */
export function onlyOne(value, where, kinds, beside = []) {
  onlyMembers(value, where, [...kinds, ...beside]);
  const present = kinds.filter((kind) => value[kind] !== undefined);
  must(present.length === 1, `${where} must have exactly one of ${kinds.join(", ")}, and has ${present.join(", ") || "none"}`);
  return present[0];
}

export function bearer(headers, key) {
  if (headers.authorization !== `Bearer ${key}`) {
    throw new Refusal(`the key is not the provider's: authorization is ${headers.authorization}`, 401);
  }
}

/** The size of base64 text, which has to be base64. */
export function sizeOf(base64, where) {
  mustBeText(base64, where);
  const bytes = Buffer.from(base64, "base64");
  must(bytes.toString("base64") === base64, `${where} is not base64`);
  return bytes.length;
}

export function imageAt(url, where) {
  mustBeText(url, where);
  const data = url.match(/^data:(image\/[a-z]+);base64,(.*)$/s);
  if (data) {
    oneOf(data[1], `${where}: the type of the image`, ["image/jpeg", "image/png", "image/gif", "image/webp"]);
    return { type: "image", media: data[1], bytes: sizeOf(data[2], where) };
  }
  must(/^https?:\/\//.test(url), `${where} is no URL: ${url.slice(0, 40)}`);
  return { type: "image", url };
}

export function parsedObject(text, where) {
  must(typeof text === "string", `${where} must be JSON in a text`);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(`${where} is no JSON: ${text}`);
  }
  mustBeObject(value, where);
  return value;
}

/** Where a schema is to be kept to the letter, all of its objects are closed; OpenAI also wants all members required. */
export function closedSchema(schema, where, allRequired) {
  mustBeObject(schema, where);
  if (schema.type === "object" || schema.properties) {
    must(schema.additionalProperties === false, `${where} must have additionalProperties: false`);
    for (const [name, member] of Object.entries(schema.properties ?? {})) {
      must(!allRequired || schema.required?.includes(name), `${where} must require ${name}`);
      closedSchema(member, `${where}.${name}`, allRequired);
    }
  }
  if (schema.items) {
    closedSchema(schema.items, `${where}[]`, allRequired);
  }
}

/** The one tool that has to be called: by name, or because there is no other. */
export function forced(name, isAny, tools) {
  return name ?? (isAny && tools.length === 1 ? tools[0].name : undefined);
}

/** Puts turns of the same side together. */
export function joined(turns) {
  const result = [];
  for (const turn of turns) {
    if (result.at(-1)?.role === turn.role) {
      result.at(-1).parts.push(...turn.parts);
    } else {
      result.push({ role: turn.role, parts: [...turn.parts] });
    }
  }
  return result;
}

/** Each turn that asks for tools is followed by one that answers all of them, and nothing else is answered. */
export function answersFollowCalls(turns, where) {
  turns.forEach((turn, at) => {
    const calls = turn.parts.filter((part) => part.type === "call").map((call) => call.id);
    must(new Set(calls).size === calls.length, `${where}[${at}] uses an id twice: ${calls}`);
    const next = turns[at + 1];
    const results = next?.parts.filter((part) => part.type === "result").map((result) => result.id) ?? [];
    must(new Set(results).size === results.length, `${where}[${at + 1}] answers a call twice: ${results}`);
    for (const id of calls) {
      must(results.includes(id), `${where}[${at}] calls ${id}, which the next turn does not answer (it has ${results})`);
    }
    for (const id of results) {
      must(calls.includes(id), `${where}[${at + 1}] answers ${id}, which the turn before did not call (it has ${calls})`);
    }
  });
  const first = turns[0]?.parts.some((part) => part.type === "result");
  must(!first, `${where}[0] answers a call that nobody made`);
}

export function alternate(turns, where) {
  mustBeList(turns, where);
  must(turns[0].role === "user", `${where} must begin with the user, not ${turns[0].role}`);
  turns.forEach((turn, at) =>
    must(at === 0 || turn.role !== turns[at - 1].role, `${where}[${at}] is ${turn.role} again; the sides must alternate`));
}

export function json(response, status, value, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}
