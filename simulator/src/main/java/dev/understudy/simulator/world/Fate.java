package dev.understudy.simulator.world;

import dev.understudy.engine.Failure;
import java.util.List;
import java.util.OptionalLong;

/**
 * All that a client will see of one request, if it waits: each moment with its time. After the last one comes nothing; if
 * that is not the end of the answer or a failure, the provider has fallen silent.
 */
public record Fate(List<Moment> moments) {
    public Fate {
        moments = List.copyOf(moments);
    }

    /** Something at a time. */
    public record Moment(long at, Happening what) {}

    /** What a client sees. */
    public sealed interface Happening {
        /** A connection. */
        record Connected() implements Happening {}

        /** So many tokens in all so far. */
        record Content(int tokens) implements Happening {}

        /** The terminal mark. */
        record Mark() implements Happening {}

        /** The end of a whole answer. */
        record Whole() implements Happening {}

        /** The end of something else. */
        record Broken(Failure failure) implements Happening {}
    }

    /** When the first content is there; for an answer that never becomes whole, never. */
    public OptionalLong firstContent() {
        return whole().isEmpty()
                ? OptionalLong.empty()
                : moments.stream()
                        .filter(moment ->
                                moment.what() instanceof Happening.Content || moment.what() instanceof Happening.Whole)
                        .mapToLong(Moment::at)
                        .findFirst();
    }

    /** When the whole answer is there, if it ever is. */
    public OptionalLong whole() {
        return moments.stream()
                .filter(moment -> moment.what() instanceof Happening.Whole || moment.what() instanceof Happening.Mark)
                .mapToLong(Moment::at)
                .findFirst();
    }
}
