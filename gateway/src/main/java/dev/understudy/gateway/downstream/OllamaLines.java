package dev.understudy.gateway.downstream;

import dev.understudy.protocol.ollama.OllamaAnswer;
import io.vertx.core.buffer.Buffer;

/** A stream of chat completions as Ollama's lines of JSON. */
final class OllamaLines implements StreamEnvelope {
    private final OllamaAnswer answer;

    OllamaLines(OllamaAnswer answer) {
        this.answer = answer;
    }

    @Override
    public CharSequence contentType() {
        return "application/x-ndjson";
    }

    @Override
    public Buffer wrap(Buffer events) {
        return Buffer.buffer(answer.lines(events.getBytes()));
    }

    @Override
    public Buffer ending() {
        return Buffer.buffer(answer.lastLine());
    }
}
