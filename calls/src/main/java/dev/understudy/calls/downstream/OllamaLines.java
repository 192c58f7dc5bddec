package dev.understudy.calls.downstream;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.protocol.ollama.OllamaAnswer;

/** A stream of chat completions as Ollama's lines of JSON. */
final class OllamaLines implements StreamEnvelope {
    private final OllamaAnswer answer;

    OllamaLines(OllamaAnswer answer) {
        this.answer = answer;
    }

    @Override
    public String contentType() {
        return "application/x-ndjson";
    }

    @Override
    public Bytes wrap(Bytes events) {
        return Bytes.of(answer.lines(events.toArray()));
    }

    @Override
    public Bytes ending() {
        return Bytes.of(answer.lastLine());
    }
}
