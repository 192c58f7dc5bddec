package dev.understudy.testing.faults;

import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An interface by which a program calls models through this project: the gateway, the plain client, the client of an SDK, or a chat
 * model of a framework. {@link SurfaceTable} plays the same rows on each of them.
 */
public interface Surface {
    /** Makes one call and waits for its end. It throws nothing: how the call failed is part of the result. */
    CallEnd call(Scene scene);

    /** Whether the trail has the kinds that the wire shows. A surface above another library sees that library's exceptions. */
    default boolean showsKinds() {
        return true;
    }

    /** Whether the caller's account is its own, so that it is shown the provider's status and not the gateway's for it. */
    default boolean showsProvidersStatus() {
        return false;
    }

    /**
     * Makes the same call to the first target without Understudy: what succeeds so must succeed through it. Empty where nothing but
     * this project reads the answer.
     */
    default Optional<CallEnd> direct(Scene scene) {
        return Optional.empty();
    }

    /**
     * Whether what came before a broken chunk is read although both came together. The JDK's HTTP client drops it, so that a complete
     * answer with a broken chunk behind it fails there without Understudy too.
     */
    default boolean readsWhatIsBeforeBrokenChunks() {
        return true;
    }

    /**
     * The rows that the library between this surface and the wire cannot express, each with the reason: it cannot read the answer
     * without Understudy either, or hides what distinguishes it from a blank one.
     *
     * @return by the name of the row, as {@link SurfaceTable.Row} has it
     */
    default Map<String, String> cannotExpress() {
        return Map.of();
    }

    /** Whether another target continues a stream that breaks. */
    default boolean continuesStreams() {
        return true;
    }

    /** Whether it has calls of the Completions API, with a prompt in place of messages. */
    default boolean completesPrompts() {
        return false;
    }

    /** Whether an attempt that is given up is ended at the wire, too; some libraries cannot be told before the first content. */
    default boolean cancels(Delivery delivery) {
        return true;
    }

    /** Whether a target can be given this limit. */
    default boolean has(Limits limit) {
        return true;
    }

    /**
     * What a call is made with: targets {@code one/a}, {@code two/b} and {@code three/c}, in this order.
     *
     * @param everybody whether all targets have the limit, or only the first
     * @param recovery what happens when a stream breaks: {@code continue} or {@code terminate}
     * @param prompt whether the call is one of the Completions API
     * @param onText receives each piece of the text that the caller reads, where the answer is streamed
     */
    record Scene(
            ScriptedUpstream one,
            ScriptedUpstream two,
            ScriptedUpstream three,
            Limits limits,
            boolean everybody,
            String recovery,
            Delivery delivery,
            boolean prompt,
            Consumer<String> onText) {

        /** The configuration file for it, with the chain as the model {@code chain}. */
        public String configuration() {
            return """
                    providers:
                      one: {base-url: "%s"}
                      two: {base-url: "%s"}
                      three: {base-url: "%s"}
                    """.formatted(one.baseUrl(), two.baseUrl(), three.baseUrl())
                    + limits.configuration(everybody, recovery);
        }

        /** The same as a file in a folder. */
        public Path configurationIn(Path folder) {
            try {
                return Files.writeString(folder.resolve("understudy.yaml"), configuration());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /**
     * How a call ended for its caller.
     *
     * @param text what the caller read
     * @param error the status of the error; 0 if there was none
     * @param truncated whether the error came after a part of the answer
     * @param outcomes of the attempts, in order, as in the trail
     */
    record CallEnd(String text, int error, boolean truncated, List<String> outcomes) {
        public CallEnd {
            outcomes = List.copyOf(outcomes);
        }
    }
}
