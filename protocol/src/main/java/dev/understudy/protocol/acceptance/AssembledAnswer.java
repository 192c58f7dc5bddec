package dev.understudy.protocol.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.sse.SseEvents;
import java.util.Collection;
import java.util.TreeMap;

/** The choices of an answer that is complete and has been found to be one. */
final class AssembledAnswer {
    private final TreeMap<Integer, AssembledChoice> choices = new TreeMap<>();

    private AssembledAnswer() {}

    static AssembledAnswer whole(byte[] body) {
        AssembledAnswer answer = new AssembledAnswer();
        answer.take(Trees.read(body, 0, body.length));
        return answer;
    }

    static AssembledAnswer streamed(byte[] events) {
        AssembledAnswer answer = new AssembledAnswer();
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
            choices.computeIfAbsent(index, first -> new AssembledChoice()).take(choice);
            position++;
        }
    }

    Collection<AssembledChoice> choices() {
        return choices.values();
    }
}
