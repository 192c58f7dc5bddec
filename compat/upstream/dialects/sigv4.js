// Amazon's signature, worked out a second time from what arrived: a header that merely looks like one is not enough.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

import { createHash, createHmac } from "node:crypto";

const KEY = "AKIDUPSTREAM";
const SECRET = "upstream-secret";
const BEARER = "Bearer upstream-key";
const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/bedrock\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/** What is wrong with who asks; empty if nothing is. */
export function signatureProblem({ method, path, headers, body }) {
  const authorization = headers.authorization ?? "";
  if (authorization === BEARER) {
    return "";
  }
  const match = authorization.match(AUTHORIZATION);
  if (!match) {
    return `neither the provider's key nor a signature: authorization is ${authorization || "missing"}`;
  }
  const [, key, day, region, names, signature] = match;
  const signed = names.split(";");
  const time = headers["x-amz-date"] ?? "";
  const missing = ["host", "x-amz-date"].filter((name) => !signed.includes(name));
  if (key !== KEY || missing.length > 0 || !time.startsWith(day)) {
    return `the signature is by ${key} at ${time}, and lacks ${missing.join(", ") || "nothing"}`;
  }
  if (Math.abs(Date.now() - momentOf(time)) > 300_000) {
    return `the signature is of another time: ${time}`;
  }
  const [address, query = ""] = path.split("?");
  const canonical = [
    method,
    // Every segment is escaped once more than it came, for all services but S3.
    address.split("/").map(escaped).join("/"),
    query,
    ...signed.map((name) => `${name}:${String(headers[name] ?? "").trim().replace(/ +/g, " ")}`),
    "",
    names,
    sha256(body),
  ].join("\n");
  const scope = `${day}/${region}/bedrock/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const signer = [day, region, "bedrock", "aws4_request"].reduce(hmac, `AWS4${SECRET}`);
  const expected = hmac(signer, toSign).toString("hex");
  return expected === signature ? "" : `The request signature we calculated does not match; canonical request:\n${canonical}`;
}

function momentOf(time) {
  return Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

function escaped(segment) {
  return encodeURIComponent(segment).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key, data) {
  return createHmac("sha256", key).update(data).digest();
}
