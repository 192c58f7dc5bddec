package dev.understudy.gateway.rehearsal;

import java.time.Duration;
import java.util.List;

/**
 * All that a scene may look at when it writes its script.
 *
 * @param request what the caller asked
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

    /** What the answer says: {@code text} if given, else {@code tokens} counted words, within the caller's limit. */
    Answer answer() {
        String text = parameters.text("text");
        List<String> pieces = text.isEmpty() ? CountingText.pieces(parameters.count("tokens")) : Answer.piecesOf(text);
        return Answer.of(pieces).limitedTo(request.maxTokens());
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
