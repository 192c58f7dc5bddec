// What aimock's streams have that the vendor's have not, or the other way round, where a client minds.

/** The body of an answer as its vendor would have sent it. */
export function mended(dialect, type, bytes) {
  if (dialect === "bedrock" && type.startsWith("application/vnd.amazon.eventstream")) {
    return withoutEmptyStarts(bytes);
  }
  if (dialect === "responses" && type.startsWith("text/event-stream")) {
    return numbered(bytes);
  }
  return bytes;
}

/** Bedrock announces only the blocks of which there is something to say, so none of text; Amazon's SDKs insist on it. */
function withoutEmptyStarts(bytes) {
  const frames = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const frame = bytes.subarray(at, at + bytes.readUInt32BE(at));
    if (!frame.includes('"start":{}')) {
      frames.push(frame);
    }
  }
  return Buffer.concat(frames);
}

/** OpenAI numbers the events of a response. */
function numbered(bytes) {
  let number = 0;
  const text = bytes.toString("utf8").replace(/^data: (\{.*\})$/gm, (line, json) =>
    `data: ${JSON.stringify({ ...JSON.parse(json), sequence_number: number++ })}`);
  return Buffer.from(text);
}
