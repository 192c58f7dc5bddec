package dev.understudy.spring;

import java.util.ArrayList;
import java.util.List;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * Holds back the end of a stream, the parts from the finish reason on, until the call's trail is known and can be added to it.
 * Everything before passes as it is. Of one subscription, so not for use by many threads.
 */
final class StreamEnd {
    private final List<ChatResponse> end = new ArrayList<>(2);

    /** Takes a part; returns what may go to the caller now. */
    List<ChatResponse> pass(ChatResponse part) {
        boolean mayBeLast = ModelAnswer.isFinished(part) || (!end.isEmpty() && !ModelAnswer.hasContent(part));
        if (mayBeLast && !isFull()) {
            end.add(part);
            return List.of();
        }
        if (end.isEmpty()) {
            return List.of(part);
        }
        // It was not the end: a model that names a finish reason in every part.
        List<ChatResponse> passed = new ArrayList<>(end);
        passed.add(part);
        end.clear();
        return passed;
    }

    /** A finish reason, a usage, and some more of which nothing is known: what is longer is no end. */
    private boolean isFull() {
        return end.size() >= 8;
    }

    /** What is held back; an empty part for streams that have no finish reason. */
    List<ChatResponse> rest() {
        return end.isEmpty() ? List.of(new ChatResponse(List.of(new Generation(new AssistantMessage(""))))) : end;
    }
}
