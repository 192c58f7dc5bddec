package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralAnswer.Choice;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.Tokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes a whole response. It has one choice: the first. */
final class AnswerWriter {
    private final String id;
    private final boolean reasoningWanted;
    private final String logprobs;
    private final List<Output> output = new ArrayList<>();
    private final Echo echo;
    private boolean refused;

    private AnswerWriter(String id, Echo echo, String logprobs) {
        this.id = id;
        this.echo = echo;
        this.reasoningWanted = echo.wantsReasoning();
        this.logprobs = logprobs;
    }

    static byte[] write(NeutralAnswer answer, RequestContext context) {
        Echo echo = Echo.of(context.body());
        String id = Output.ItemIds.response(answer.id(), context);
        ResponseWriter response =
                new ResponseWriter(echo, id, answer.model(), answer.created().orElse(context.now()));
        if (answer.choices().isEmpty()) {
            return JsonOut.bytes(json -> response.write(
                    json, new FinishReasons.Status("completed", ""), List.of(), answer.tokens(), answer.serviceTier()));
        }
        Choice choice = answer.choices().getFirst();
        AnswerWriter writer = new AnswerWriter(id, echo, Annotations.Logprobs.itemsOf(choice.logprobs()));
        choice.parts().forEach(writer::add);
        FinishReasons.Status ending = FinishReasons.Status.of(choice.finish(), writer.refused);
        return JsonOut.bytes(
                json -> response.write(json, ending, writer.output, answer.tokens(), answer.serviceTier()));
    }

    private void add(Part part) {
        switch (part) {
            case Part.Text text -> text(text);
            case Part.Refusal refusal -> {
                refused = true;
                message().add(true).text.append(refusal.text());
            }
            case Part.Reasoning reasoning -> reasoning(reasoning);
            case Part.ToolCall call -> {
                PortableTools.CallerTool tool = echo.toolBehind(call.name());
                output.add(new Output.Call(
                        output.size(),
                        newId(tool.kind().idPrefix()),
                        call.id().isEmpty() ? newId("call") : call.id(),
                        tool,
                        new StringBuilder(call.arguments())));
            }
            case Part.Media media -> {
                if (media.kind() == Part.Media.Kind.IMAGE && media.source() instanceof Source.Inline image) {
                    output.add(new Output.Image(output.size(), newId("ig"), image.base64()));
                }
            }
            case Part.Foreign foreign -> {
                if (isItem(foreign)) {
                    output.add(new Output.Own(output.size(), newId("item"), foreign.json()));
                }
            }
            case Part.ToolResult result -> {
                // Results occur in requests only.
            }
            case Part.CachePoint point -> {
                // Cache points occur in requests only.
            }
        }
    }

    /** Whether it is an item of this dialect, and not an event of a stream. */
    static boolean isItem(Part.Foreign foreign) {
        return foreign.dialect().equals(ResponsesDialect.NAME)
                && !foreign.kind().startsWith("response.")
                && !foreign.json().isEmpty();
    }

    private void text(Part.Text text) {
        Output.Content content = message().add(false);
        content.text.append(text.text());
        text.citations().stream().filter(Annotations::isWritable).forEach(content.citations::add);
        if (!logprobs.isEmpty() && isFirstText()) {
            // The neutral form does not say which text they belong to; nearly always there is only one.
            content.logprobs.add(logprobs);
        }
    }

    private boolean isFirstText() {
        return output.stream()
                        .filter(Output.Message.class::isInstance)
                        .mapToLong(item -> ((Output.Message) item)
                                .content().stream()
                                        .filter(part -> !part.refusal)
                                        .count())
                        .sum()
                == 1;
    }

    private Output.Message message() {
        if (!output.isEmpty() && output.getLast() instanceof Output.Message open) {
            return open;
        }
        Output.Message message = new Output.Message(output.size(), newId("msg"));
        output.add(message);
        return message;
    }

    private void reasoning(Part.Reasoning reasoning) {
        boolean own = reasoning.origin().equals(ResponsesDialect.NAME);
        if (own && !reasoning.hidden().isEmpty()) {
            String itemId = reasoning.signature().isEmpty() ? newId("rs") : reasoning.signature();
            output.add(new Output.Reasoning(
                    output.size(), itemId, new StringBuilder(reasoning.text()), reasoning.hidden()));
        } else if (reasoningWanted && !reasoning.text().isEmpty()) {
            output.add(new Output.Reasoning(output.size(), newId("rs"), new StringBuilder(reasoning.text()), ""));
        }
    }

    private String newId(String prefix) {
        return Output.ItemIds.item(prefix, id, output.size());
    }

    /** Writes a response object. */
    static final class ResponseWriter {
        private static final Set<String> TIERS = Set.of("auto", "default", "flex", "scale", "priority");

        private final Echo echo;
        private final String id;
        private final String model;
        private final long created;

        ResponseWriter(Echo echo, String id, String model, long created) {
            this.echo = echo;
            this.id = id;
            this.model = model;
            this.created = created;
        }

        /** A response that has just begun. */
        void writeBegun(JsonGenerator json) throws IOException {
            json.writeStartObject();
            head(json, new FinishReasons.Status("in_progress", ""));
            json.writeArrayFieldStart("output");
            json.writeEndArray();
            json.writeNullField("usage");
            tail(json, "auto");
        }

        /** A whole response. */
        void write(
                JsonGenerator json, FinishReasons.Status ending, List<Output> output, Tokens tokens, String serviceTier)
                throws IOException {
            json.writeStartObject();
            head(json, ending);
            json.writeArrayFieldStart("output");
            String status = itemStatus(ending);
            for (Output item : output) {
                // Only the last item can be incomplete.
                item.write(json, item.index() == output.getLast().index() ? status : "completed");
            }
            json.writeEndArray();
            usage(json, tokens);
            tail(json, TIERS.contains(serviceTier) ? serviceTier : "default");
        }

        /** The status of the item that was open when the response ended. */
        static String itemStatus(FinishReasons.Status ending) {
            return ending.status().equals("completed") ? "completed" : "incomplete";
        }

        private void head(JsonGenerator json, FinishReasons.Status ending) throws IOException {
            json.writeStringField("id", id);
            json.writeStringField("object", "response");
            json.writeNumberField("created_at", created);
            json.writeStringField("status", ending.status());
            if (ending.isFailed()) {
                json.writeObjectFieldStart("error");
                json.writeStringField("code", "server_error");
                json.writeStringField("message", "The provider stopped before the answer was complete.");
                json.writeEndObject();
            } else {
                json.writeNullField("error");
            }
            if (ending.status().equals("incomplete")) {
                json.writeObjectFieldStart("incomplete_details");
                json.writeStringField("reason", ending.reason());
                json.writeEndObject();
            } else {
                json.writeNullField("incomplete_details");
            }
            json.writeStringField("model", model);
        }

        /** Official clients require numbers, so an unknown count is 0; without any count there is no usage. */
        private static void usage(JsonGenerator json, Tokens tokens) throws IOException {
            if (tokens.total().isEmpty()) {
                json.writeNullField("usage");
                return;
            }
            json.writeObjectFieldStart("usage");
            json.writeNumberField("input_tokens", tokens.prompt().orElse(0));
            json.writeObjectFieldStart("input_tokens_details");
            json.writeNumberField("cached_tokens", tokens.cached().orElse(0));
            json.writeNumberField("cache_write_tokens", tokens.cacheWritten().orElse(0));
            json.writeEndObject();
            json.writeNumberField("output_tokens", tokens.completion().orElse(0));
            json.writeObjectFieldStart("output_tokens_details");
            json.writeNumberField("reasoning_tokens", tokens.reasoning().orElse(0));
            json.writeEndObject();
            json.writeNumberField("total_tokens", tokens.total().getAsLong());
            json.writeEndObject();
        }

        private void tail(JsonGenerator json, String serviceTier) throws IOException {
            json.writeStringField("service_tier", serviceTier);
            echo.write(json);
            json.writeEndObject();
        }
    }

    /**
     * The members of a request that its response repeats, with OpenAI's defaults for absent ones. The official clients
     * have typed fields for all of them, and some clients require them.
     */
    static final class Echo {
        private static final BodyLimits ANY = new BodyLimits(Integer.MAX_VALUE, ResponsesDialect.MAX_DEPTH);

        /** In OpenAI's order. */
        private static final Map<String, String> DEFAULTS = defaults();

        private final Optional<Members> request;
        /** Read at the first call. */
        private Optional<PortableTools> tools = Optional.empty();

        private Echo(Optional<Members> request) {
            this.request = request;
        }

        /** The tool of the caller that a function of the model stands for. */
        PortableTools.CallerTool toolBehind(String function) {
            if (tools.isEmpty()) {
                tools = Optional.of(
                        PortableTools.of(said("tools").orElse(""), said("input").orElse("")));
            }
            return tools.get()
                    .behind(function)
                    .orElseGet(() -> new PortableTools.CallerTool(PortableTools.Kind.FUNCTION, "", function));
        }

        /** @param body the request's; if it cannot be read, nothing is repeated */
        static Echo of(byte[] body) {
            try {
                return new Echo(Optional.of(Members.scan(body, ANY)));
            } catch (BadRequest unreadable) {
                return new Echo(Optional.empty());
            }
        }

        private static Map<String, String> defaults() {
            Map<String, String> defaults = new LinkedHashMap<>();
            defaults.put("background", "false");
            defaults.put("instructions", "null");
            defaults.put("max_output_tokens", "null");
            defaults.put("max_tool_calls", "null");
            defaults.put("metadata", "{}");
            defaults.put("parallel_tool_calls", "true");
            defaults.put("previous_response_id", "null");
            defaults.put("prompt_cache_key", "null");
            defaults.put("reasoning", "{\"effort\":null,\"summary\":null}");
            defaults.put("safety_identifier", "null");
            defaults.put("temperature", "1");
            defaults.put("text", "{\"format\":{\"type\":\"text\"}}");
            defaults.put("tool_choice", "\"auto\"");
            defaults.put("tools", "[]");
            defaults.put("top_logprobs", "0");
            defaults.put("top_p", "1");
            defaults.put("truncation", "\"disabled\"");
            defaults.put("user", "null");
            return defaults;
        }

        /** Writes the members. {@code store} is always false: a translated answer is not stored. */
        void write(JsonGenerator json) throws IOException {
            for (Map.Entry<String, String> member : DEFAULTS.entrySet()) {
                json.writeFieldName(member.getKey());
                Output.RawJson.write(json, said(member.getKey()).orElse(member.getValue()));
            }
            json.writeBooleanField("store", false);
        }

        /**
         * Whether the caller asked for reasoning summaries. Other callers get no reasoning from OpenAI, and would send
         * it back with the next request, where OpenAI refuses reasoning that it does not know.
         */
        boolean wantsReasoning() {
            JsonNode reasoning = JsonTrees.of(said("reasoning").orElse("{}"));
            return reasoning.path("summary").isTextual()
                    || reasoning.path("generate_summary").isTextual();
        }

        private Optional<String> said(String name) {
            return request.flatMap(members -> {
                int index = members.indexOf(name);
                return index < 0 || members.kind(index) == ValueKind.NULL
                        ? Optional.empty()
                        : Optional.of(members.json(index));
            });
        }
    }
}
