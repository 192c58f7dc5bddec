package dev.understudy.protocol.chat.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.sse.SseEvents;
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
        SseEvents.each(
                events,
                0,
                events.length,
                event -> answer.take(Trees.read(event.data(), event.dataOffset(), event.dataLength())));
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
}
