package dev.understudy.protocol.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * The tools that the model may ask for.
 *
 * @param tools in the caller's order
 * @param choice whether one must be asked for; empty if the caller did not say
 * @param parallel whether several may be asked for at once; empty if the caller did not say
 */
public record Tools(List<Tool> tools, Optional<Choice> choice, Optional<Boolean> parallel) {

    /** There are none. */
    public static final Tools NONE = new Tools(List.of(), Optional.empty(), Optional.empty());

    public Tools {
        tools = List.copyOf(tools);
    }

    /** One of them. */
    public sealed interface Tool {}

    /**
     * A function of the caller's.
     *
     * @param parameters the JSON schema of its arguments; an empty object if it has none
     * @param strict whether arguments must meet the schema exactly; empty if the caller did not say
     */
    public record Function(String name, String description, JsonNode parameters, Optional<Boolean> strict)
            implements Tool {}

    /**
     * A tool that only its dialect has, such as a vendor's own web search.
     *
     * @param kind its type there
     * @param json the whole of it
     */
    public record ForeignTool(String dialect, String kind, String json) implements Tool {}

    /** What the model has to do with the tools. */
    public sealed interface Choice {
        /** As it thinks best. */
        record Auto() implements Choice {}

        /** Ask for none. */
        record None() implements Choice {}

        /** Ask for one or more. */
        record Any() implements Choice {}

        /** Ask for this one. */
        record Named(String name) implements Choice {}
    }
}
