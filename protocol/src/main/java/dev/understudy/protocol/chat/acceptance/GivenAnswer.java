package dev.understudy.protocol.chat.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.sse.SseDecoder;
import dev.understudy.protocol.sse.SseEvent;
import dev.understudy.protocol.sse.SseHandler;
import java.util.Collection;
import java.util.TreeMap;

/** The choices of an answer that is complete and has been found to be one. */
final class GivenAnswer {
    private final TreeMap<Integer, GivenChoice> choices = new TreeMap<>();

    private GivenAnswer() {}

    static GivenAnswer whole(byte[] body) {
        GivenAnswer answer = new GivenAnswer();
        answer.take(Trees.read(body, 0, body.length));
        return answer;
    }

    static GivenAnswer streamed(byte[] events) {
        GivenAnswer answer = new GivenAnswer();
        SseHandler handler = answer.new Events();
        SseDecoder decoder = new SseDecoder(Math.max(1, events.length));
        decoder.feed(events, 0, events.length, handler);
        decoder.end(handler);
        return answer;
    }

    private void take(JsonNode chunk) {
        int position = 0;
        for (JsonNode choice : chunk.path("choices")) {
            int index = choice.path("index").asInt(position);
            choices.computeIfAbsent(index, first -> new GivenChoice()).take(choice);
            position++;
        }
    }

    Collection<GivenChoice> choices() {
        return choices.values();
    }

    private final class Events implements SseHandler {
        @Override
        public void event(SseEvent event) {
            take(Trees.read(event.data(), event.dataOffset(), event.dataLength()));
        }

        @Override
        public void ping(byte[] array, int offset, int length) {
            // Comments are no part of the answer.
        }

        @Override
        public void cut(byte[] array, int offset, int length) {
            // After the finish, by which the stream was found to be complete.
        }

        @Override
        public void overflow(int limit) {
            throw new IllegalStateException("an event larger than its stream");
        }
    }
}
