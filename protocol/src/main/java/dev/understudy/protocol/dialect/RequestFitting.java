package dev.understudy.protocol.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Brings a request within the {@linkplain TargetLimits limits} that its target's vendor publishes, before it is written: what
 * one vendor accepts, another refuses with a 400. What needs no change is kept as it is. The time is linear in the size of the
 * request.
 */
@SuppressWarnings(
        "ReferenceEquality") // The same object means that nothing has changed; equality would compare whole schemas.
public final class RequestFitting {
    /** Of most prompts: English has four to five, code three to four, and runs of blanks more. */
    private static final int CHARACTERS_PER_TOKEN = 4;

    /** With less room than this, the estimate of the prompt is too coarse to limit the answer. */
    private static final long LEAST_ROOM = 1_024;

    private final NeutralRequest request;
    private final TargetLimits limits;
    private final Dialect to;
    private final ModelCapabilities capabilities;
    private final Map<String, String> callersNames = new HashMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    private RequestFitting(NeutralRequest request, Dialect to, ModelCapabilities capabilities) {
        this.request = request;
        this.to = to;
        this.limits = to.limits(capabilities);
        this.capabilities = capabilities;
    }

    /**
     * A request within the limits.
     *
     * @param callersNames the caller's name of each tool that has another name in the request
     * @param warnings changes that the model could notice
     */
    public record Fitted(NeutralRequest request, Map<String, String> callersNames, List<String> warnings) {
        public Fitted {
            callersNames = Map.copyOf(callersNames);
            warnings = List.copyOf(warnings);
        }
    }

    /** @param to the target's dialect */
    public static Fitted of(NeutralRequest request, Dialect to, ModelCapabilities capabilities)
            throws UntranslatableRequest {
        return new RequestFitting(request, to, capabilities).fitted();
    }

    private Fitted fitted() throws UntranslatableRequest {
        refuseLostGuardrails();
        Tools tools = tools(request.tools());
        NeutralRequest fitted = new NeutralRequest(
                each(request.turns(), this::turn),
                tools,
                output(request.output()),
                withinWindow(request.sampling()),
                request.reasoning(),
                request.stream(),
                request.usageInStream(),
                limits.user(request.user()),
                request.metadata(),
                request.serviceTier(),
                request.others());
        return new Fitted(fitted, callersNames, List.copyOf(warnings));
    }

    /** A guardrail protects the caller's users: an answer without it is not an answer to this request. */
    private void refuseLostGuardrails() throws UntranslatableRequest {
        for (NeutralRequest.Other other : request.others()) {
            if (!other.dialect().equals(to.name())
                    && other.name().toLowerCase(Locale.ROOT).startsWith("guardrail")) {
                throw new UntranslatableRequest(
                        other.name(), "The guardrail exists only at the vendor of the request's dialect.");
            }
        }
    }

    private String toolName(String name) {
        String fit = limits.fit(name);
        if (!fit.equals(name)) {
            callersNames.put(fit, name);
        }
        return fit;
    }

    private Tools tools(Tools tools) {
        List<Tools.Tool> fitted = each(offered(withoutSearch(tools)), this::tool);
        return new Tools(
                fitted,
                tools.choice()
                        .map(choice -> choice instanceof Tools.Choice.Named(String name)
                                ? new Tools.Choice.Named(toolName(name))
                                : choice),
                tools.parallel());
    }

    /**
     * The tools without another vendor's searches (of the web, of tools), if there are functions beside it: an agent works without it. A request
     * that has nothing else, or requires it, is about the search, and no target of another dialect can answer it.
     */
    private Tools withoutSearch(Tools tools) {
        boolean functions = tools.tools().stream().anyMatch(Tools.Function.class::isInstance);
        boolean required = tools.choice().isPresent()
                && tools.choice().get() instanceof Tools.Choice.Named(String name)
                && tools.tools().stream()
                        .noneMatch(tool -> tool instanceof Tools.Function function
                                && function.name().equals(name));
        if (!functions || required) {
            return tools;
        }
        List<Tools.Tool> kept = new ArrayList<>();
        for (Tools.Tool tool : tools.tools()) {
            if (tool instanceof Tools.ForeignTool foreign
                    && !foreign.dialect().equals(to.name())
                    && foreign.isSearch()) {
                warnings.add(foreign.kind() + ": dropped, a tool of " + foreign.dialect() + " only");
            } else {
                kept.add(tool);
            }
        }
        return new Tools(kept, tools.choice(), tools.parallel());
    }

    /**
     * The tools that fit. The planner prefers targets that accept all of them; where there is no such target, the tools that
     * the conversation has already called are kept, and of the others the first.
     */
    private List<Tools.Tool> offered(Tools tools) {
        int most = limits.mostTools();
        if (tools.tools().size() <= most) {
            return tools.tools();
        }
        Set<String> wanted = new LinkedHashSet<>();
        tools.choice().ifPresent(choice -> {
            if (choice instanceof Tools.Choice.Named(String name)) {
                wanted.add(name);
            }
        });
        for (Turn turn : request.turns()) {
            for (Part part : turn.parts()) {
                if (part instanceof Part.ToolCall call) {
                    wanted.add(call.name());
                }
            }
        }
        long preferred =
                tools.tools().stream().filter(tool -> isAmong(wanted, tool)).count();
        long room = Math.max(0, most - preferred);
        List<Tools.Tool> kept = new ArrayList<>(most);
        for (Tools.Tool tool : tools.tools()) {
            boolean prefers = isAmong(wanted, tool);
            if (kept.size() < most && (prefers || room-- > 0)) {
                kept.add(tool);
            }
        }
        warnings.add("tools: " + tools.tools().size() + " reduced to " + kept.size() + ", the most that " + to.name()
                + " accepts");
        return kept;
    }

    private static boolean isAmong(Set<String> names, Tools.Tool tool) {
        return tool instanceof Tools.Function function && names.contains(function.name());
    }

    private Tools.Tool tool(Tools.Tool tool) {
        if (!(tool instanceof Tools.Function function)) {
            return tool;
        }
        String name = toolName(function.name());
        JsonNode parameters = function.parameters();
        if (!limits.rootUnions() && ToolSchema.hasRootUnion(parameters)) {
            parameters = ToolSchema.withoutRootUnion(parameters);
            warnings.add("tools.parameters: the alternatives at the top of the schema of " + function.name()
                    + " were merged; " + to.name() + " accepts one object there");
        }
        parameters = ToolSchema.ofArguments(parameters);
        return name.equals(function.name()) && parameters == function.parameters()
                ? function
                : function.with(name, parameters);
    }

    private static ResponseFormat output(ResponseFormat output) {
        if (!(output instanceof ResponseFormat.Schema schema)) {
            return output;
        }
        JsonNode normal = ToolSchema.normal(schema.schema());
        return normal == schema.schema()
                ? output
                : new ResponseFormat.Schema(schema.name(), schema.description(), normal, schema.strict());
    }

    private Turn turn(Turn turn) {
        List<Part> parts = each(turn.parts(), this::part);
        return parts == turn.parts() ? turn : new Turn(turn.role(), parts, turn.name());
    }

    private Part part(Part part) {
        return switch (part) {
            case Part.ToolCall call -> {
                String name = toolName(call.name());
                yield name.equals(call.name())
                        ? call
                        : new Part.ToolCall(call.id(), name, call.arguments(), call.signature());
            }
            case Part.ToolResult result -> {
                // A result without a name belongs to the call with its id.
                String name = result.name().isEmpty() ? "" : toolName(result.name());
                List<Part> content = each(result.content(), this::part);
                yield name.equals(result.name()) && content == result.content()
                        ? result
                        : new Part.ToolResult(result.id(), name, content, result.failed());
            }
            case Part.Media media -> media(media);
            case Part.Foreign foreign -> foreign(foreign);
            case Part.Text text -> text;
            case Part.Refusal refusal -> refusal;
            case Part.Reasoning reasoning -> reasoning;
            case Part.CachePoint point -> point;
        };
    }

    /** {@code image/jpg} is in wide use, and no media type: vendors refuse it. */
    private static Part media(Part.Media media) {
        if (!(media.source() instanceof Part.Source.Inline(String type, String base64))
                || !(type.equalsIgnoreCase("image/jpg") || type.equalsIgnoreCase("image/pjpeg"))) {
            return media;
        }
        return new Part.Media(media.kind(), new Part.Source.Inline("image/jpeg", base64), media.name(), media.detail());
    }

    /** Search results are texts with a source: only their citations need the vendor. */
    private Part foreign(Part.Foreign foreign) {
        boolean search =
                foreign.kind().equals("search_result") || foreign.kind().equals("searchResult");
        if (!search || foreign.dialect().equals(to.name())) {
            return foreign;
        }
        JsonNode block = JsonTrees.of(foreign.json());
        JsonNode result = block.has("searchResult") ? block.path("searchResult") : block;
        StringBuilder text = new StringBuilder();
        for (String member : List.of("title", "source")) {
            line(text, result.path(member).asText(""));
        }
        result.path("content")
                .forEach(content -> line(text, content.path("text").asText("")));
        return Part.Text.of(text.toString());
    }

    private static void line(StringBuilder text, String line) {
        if (!line.isEmpty()) {
            text.append(text.isEmpty() ? "" : "\n").append(line);
        }
    }

    /** Vendors count the whole output limit against the window before they begin. */
    private Sampling withinWindow(Sampling sampling) {
        if (!limits.sharesWindow()
                || capabilities.contextWindow().isEmpty()
                || sampling.maxTokens().isEmpty()) {
            return sampling;
        }
        long wanted = Math.min(
                sampling.maxTokens().getAsLong(), capabilities.maxOutput().orElse(Integer.MAX_VALUE));
        int window = capabilities.contextWindow().getAsInt();
        long characters = characters();
        if (wanted <= (window - characters / CHARACTERS_PER_TOKEN) / 2) {
            // The tools have as much room as the answer, so they need not be measured.
            return sampling;
        }
        long room = window - (characters + charactersOfTools()) / CHARACTERS_PER_TOKEN;
        if (room < LEAST_ROOM || wanted <= room) {
            return sampling;
        }
        warnings.add("max_tokens: " + sampling.maxTokens().getAsLong() + " became " + room
                + ", what the prompt leaves of the model's context window");
        return sampling.withMaxTokens(OptionalLong.of(room));
    }

    private long characters() {
        long characters = 0;
        for (Turn turn : request.turns()) {
            for (Part part : turn.parts()) {
                characters += characters(part);
            }
        }
        return characters;
    }

    private long charactersOfTools() {
        long characters = 0;
        for (Tools.Tool tool : request.tools().tools()) {
            if (tool instanceof Tools.Function function) {
                characters += function.description().length()
                        + function.parameters().toString().length();
            }
        }
        return characters;
    }

    private static long characters(Part part) {
        return switch (part) {
            case Part.Text text -> text.text().length();
            case Part.Refusal refusal -> refusal.text().length();
            case Part.ToolCall call -> call.arguments().length();
            case Part.ToolResult result ->
                result.content().stream().mapToLong(RequestFitting::characters).sum();
            case Part.Media media -> 0;
            case Part.Reasoning reasoning -> 0;
            case Part.CachePoint point -> 0;
            case Part.Foreign foreign -> 0;
        };
    }

    /** The same list if no item changes. */
    private static <T> List<T> each(List<T> items, UnaryOperator<T> fit) {
        List<T> fitted = new ArrayList<>(items.size());
        boolean changed = false;
        for (T item : items) {
            T now = fit.apply(item);
            changed |= now != item;
            fitted.add(now);
        }
        return changed ? fitted : items;
    }
}
