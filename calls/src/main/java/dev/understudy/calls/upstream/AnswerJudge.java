package dev.understudy.calls.upstream;

import dev.understudy.engine.Failure;
import java.util.Optional;

/**
 * Decides whether a complete answer in the caller's dialect is good enough; if not, the next target is tried. Called on a worker
 * thread.
 */
public interface AnswerJudge {

    /** What is wrong with a whole answer. */
    Optional<Failure> ofWhole(byte[] body);

    /** What is wrong with a streamed answer, given all of its events. */
    Optional<Failure> ofStream(byte[] frames);

    /** This one, then another. */
    default AnswerJudge and(AnswerJudge other) {
        AnswerJudge first = this;
        return new AnswerJudge() {
            @Override
            public Optional<Failure> ofWhole(byte[] body) {
                return first.ofWhole(body).or(() -> other.ofWhole(body));
            }

            @Override
            public Optional<Failure> ofStream(byte[] frames) {
                return first.ofStream(frames).or(() -> other.ofStream(frames));
            }
        };
    }
}
