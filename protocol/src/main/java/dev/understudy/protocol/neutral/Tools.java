package dev.understudy.protocol.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The tools that the model may call.
 *
 * @param tools in the caller's order
 * @param choice whether the model must call one; empty if not set
 * @param parallel whether it may call several at once; empty if not set
 */
public record Tools(List<Tool> tools, Optional<Choice> choice, Optional<Boolean> parallel) {

    /** No tools. */
    public static final Tools NONE = new Tools(List.of(), Optional.empty(), Optional.empty());

    public Tools {
        tools = List.copyOf(tools);
    }

    /** A tool. */
    public sealed interface Tool {}

    /**
     * A function of the caller.
     *
     * @param parameters the JSON schema of its arguments; an empty object if it has none
     * @param strict whether arguments must meet the schema exactly; empty if not set
     * @param cachePoint whether the tools up to this one are worth keeping in the provider's prompt cache
     */
    public record Function(
            String name,
            String description,
            JsonNode parameters,
            Optional<Boolean> strict,
            Optional<Part.CachePoint> cachePoint)
            implements Tool {
        /** A function without a cache point. */
        public Function(String name, String description, JsonNode parameters, Optional<Boolean> strict) {
            this(name, description, parameters, strict, Optional.empty());
        }

        /** The same function with another name and schema. */
        public Function with(String otherName, JsonNode otherParameters) {
            return new Function(otherName, description, otherParameters, strict, cachePoint);
        }

        /** The same function with a cache point behind it. */
        public Function cached(Part.CachePoint point) {
            return new Function(name, description, parameters, strict, Optional.of(point));
        }
    }

    /**
     * A tool that only its dialect has, such as a vendor's own web search.
     *
     * @param kind its type there
     * @param json the whole tool
     */
    public record ForeignTool(String dialect, String kind, String json) implements Tool {
        private static final List<String> SEARCHES =
                List.of("websearch", "webfetch", "googlesearch", "urlcontext", "enterprisewebsearch", "toolsearch");

        /** Whether the provider searches with it: the web, or further tools of the request. */
        public boolean isSearch() {
            String plain = kind.replace("_", "").toLowerCase(Locale.ROOT);
            // Amazon has one type for all of its tools.
            return SEARCHES.stream().anyMatch(plain::startsWith) || json.contains("\"nova_grounding\"");
        }
    }

    /** The tool choice. */
    public sealed interface Choice {
        /** The model decides. */
        record Auto() implements Choice {}

        /** The model must not call any tool. */
        record None() implements Choice {}

        /** The model must call at least one. */
        record Any() implements Choice {}

        /** The model must call this one. */
        record Named(String name) implements Choice {}
    }
}
