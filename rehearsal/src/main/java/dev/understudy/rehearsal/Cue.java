package dev.understudy.rehearsal;

import java.time.Duration;
import java.util.List;

/**
 * All that a scene may look at when it writes its script.
 *
 * @param request the caller's request
 * @param parameters the act's
 * @param id the completion's id
 * @param created when the answer was made, in seconds since 1970
 * @param memory what the rehearsal remembers of earlier requests
 */
record Cue(ChatRequest request, Parameters parameters, String id, long created, Memory memory) {

    /** The same request, played by another act. */
    Cue as(Act act) {
        return new Cue(request, parameters.as(act), id, created, memory);
    }

    /** What the answer says: {@code text} if given, else {@code tokens} counted words, as {@link #said} has it. */
    Answer answer() {
        String text = parameters.text("text");
        return said(text.isEmpty() ? CountingText.pieces(parameters.count("tokens")) : Answer.piecesOf(text));
    }

    /** What is said of this text: what follows on the beginning that the caller has, within the caller's limit. */
    Answer said(List<String> pieces) {
        Answer whole = Answer.of(pieces);
        return request.begun()
                .map(begun -> Answer.of(ContinuationStyle.of(parameters).after(begun, whole)))
                .orElse(whole)
                .limitedTo(request.maxTokens());
    }

    /** Whether the request is to complete a message, and the act rejects that. */
    boolean refusesContinuation() {
        ContinuationStyle style = ContinuationStyle.of(parameters);
        return request.begun().filter(style::refuses).isPresent();
    }

    /** The pause before the first content. */
    Duration ttft() {
        return parameters.duration("ttft");
    }

    /** The pause between two pieces of content. */
    Duration gap() {
        return parameters.duration("gap");
    }

    /** How long a whole answer takes when it is not streamed. */
    Duration timeFor(Answer answer) {
        return ttft().plus(gap().multipliedBy(Math.max(0, answer.pieces().size() - 1)));
    }
}
