package dev.understudy.protocol.translate;

import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.PassThroughEdits;
import dev.understudy.protocol.dialect.PassThroughToolNames;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.StoredFiles;
import dev.understudy.protocol.dialect.TargetLimits;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.gemini.EmbeddingRequest;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import dev.understudy.protocol.dialect.responses.StoredState;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Splice;
import dev.understudy.protocol.json.Splice.Edit;
import dev.understudy.protocol.json.ValueKind;
import dev.understudy.protocol.multipart.MultipartForm;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.options.FallbackOptionsReader;
import dev.understudy.protocol.options.OptionsPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * A caller's request in whichever dialect it came: the facts that the planner needs, the bytes for a target of the
 * same dialect, and the neutral form for every other.
 *
 * <p>Only the facts are read until a target of another dialect is tried. The body's array is kept, not copied: do not
 * change it afterwards.
 */
public final class CallerRequest {

    private final Dialect dialect;
    private final Members members;
    private final Body body;
    private final Optional<String> model;
    private final RequestFacts facts;
    private final boolean isForm;

    /** Makes the bytes for a target of the same dialect. */
    private interface Body {
        byte[] bytesFor(String upstreamModel, List<FallbackOptions.Override> overrides, PassThroughEdits changes);
    }

    private CallerRequest(Dialect dialect, Members members, Optional<String> model, RequestFacts facts, Body body) {
        this(dialect, members, model, facts, false, body);
    }

    private CallerRequest(
            Dialect dialect, Members members, Optional<String> model, RequestFacts facts, boolean isForm, Body body) {
        this.isForm = isForm;
        this.dialect = dialect;
        this.members = members;
        this.model = model;
        this.facts = facts;
        this.body = body;
    }

    /**
     * Reads a request whose body names its model and says whether it wants a stream.
     *
     * @throws BadRequest if it is not a JSON object, or lacks what every request of its dialect has
     */
    public static CallerRequest read(Dialect dialect, byte[] body) throws BadRequest {
        return read(dialect, body, BodyLimits.ofDefaults());
    }

    /**
     * The same with limits of the caller's own.
     *
     * @throws BadRequest if the body exceeds them, is not a JSON object, or lacks what every request of its dialect has
     */
    public static CallerRequest read(Dialect dialect, byte[] body, BodyLimits limits) throws BadRequest {
        Members members = Members.scan(body, limits);
        return new CallerRequest(
                dialect, members, modelIn(members), dialect.facts(members, false), spliced(dialect, members, true));
    }

    /** Reads a request whose address names its model and says whether it wants a stream. */
    public static CallerRequest read(Dialect dialect, byte[] body, String model, boolean stream) throws BadRequest {
        return read(dialect, body, model, stream, BodyLimits.ofDefaults());
    }

    /** The same with limits of the caller's own. */
    public static CallerRequest read(Dialect dialect, byte[] body, String model, boolean stream, BodyLimits limits)
            throws BadRequest {
        Members members = Members.scan(body, limits);
        return new CallerRequest(
                dialect, members, Optional.of(model), dialect.facts(members, stream), spliced(dialect, members, false));
    }

    /**
     * Reads a request whose address names its model, although its dialect has the model in the body: a target receives its own
     * model there.
     */
    public static CallerRequest readNamed(Dialect dialect, byte[] body, String model, BodyLimits limits)
            throws BadRequest {
        Members members = Members.scan(body, limits);
        return new CallerRequest(
                dialect, members, Optional.of(model), dialect.facts(members, false), spliced(dialect, members, true));
    }

    /** Reads a request for embeddings of Google's API, whose body may repeat the model of the address. */
    public static CallerRequest readEmbeddings(Dialect dialect, byte[] body, String model, BodyLimits limits)
            throws BadRequest {
        Members members = Members.scan(body, limits);
        Body asItCame = spliced(dialect, members, false);
        return new CallerRequest(
                dialect,
                members,
                Optional.of(model),
                dialect.facts(members, false),
                (upstreamModel, overrides, changes) ->
                        EmbeddingRequest.named(asItCame.bytesFor(upstreamModel, overrides, changes), upstreamModel));
    }

    /** Reads a request that is a form with files; its fields are read as members are. */
    public static CallerRequest read(Dialect dialect, MultipartForm form) throws BadRequest {
        // The form's own reader limits its fields.
        Members members = Members.scan(asJson(form), BodyLimits.ofDefaults());
        List<String> ours =
                form.names().stream().filter(FallbackOptionsReader::owns).toList();
        return new CallerRequest(
                dialect,
                members,
                modelIn(members),
                dialect.facts(members, false),
                true,
                (upstreamModel, overrides, changes) -> form.with(Map.of("model", upstreamModel), ours));
    }

    /** What of a form decides about the call. Lists and objects stand in fields as JSON. */
    private static byte[] asJson(MultipartForm form) {
        return JsonOut.bytes(json -> {
            json.writeStartObject();
            for (String name : form.names().stream().distinct().toList()) {
                String text = form.text(name).orElse("");
                if (name.equals("model")) {
                    json.writeStringField(name, text);
                } else if (name.equals("stream")) {
                    json.writeBooleanField(name, text.equals("true"));
                } else if (FallbackOptionsReader.owns(name)) {
                    json.writeFieldName(name);
                    json.writeRawValue(JsonTrees.of(text).isMissingNode() ? JsonOut.quote(text) : text);
                }
            }
            json.writeEndObject();
        });
    }

    private static Body spliced(Dialect dialect, Members members, boolean modelInBody) {
        Predicate<String> options = name -> FallbackOptionsReader.owns(name) && !dialect.hasOfItsOwn(name);
        Splice usual = Splice.without(options, members);
        return (upstreamModel, overrides, changes) -> {
            Splice splice = changes.removed().isEmpty()
                    ? usual
                    : Splice.without(options.or(changes.removed()::contains), members);
            List<Edit> edits = new ArrayList<>(overrides.size() + 1);
            if (modelInBody) {
                edits.add(Edit.ofString("model", upstreamModel));
            }
            for (Edit change : changes.edits()) {
                // What the operator or the caller states for this target precedes what its vendor is known to accept.
                if (overrides.stream().noneMatch(override -> override.name().equals(change.name()))) {
                    edits.add(change);
                }
            }
            edits.addAll(edits(overrides));
            return splice.apply(edits);
        };
    }

    private static List<Edit> edits(List<FallbackOptions.Override> overrides) {
        if (overrides.isEmpty()) {
            return List.of();
        }
        return overrides.stream()
                .map(override -> new Edit(override.name(), override.json()))
                .toList();
    }

    private static Optional<String> modelIn(Members members) throws BadRequest {
        int index = members.indexOf("model");
        if (index < 0 || members.kind(index) == ValueKind.NULL) {
            return Optional.empty();
        }
        for (int i = index + 1; i < members.size(); i++) {
            if (members.name(i).equals("model")) {
                throw BadRequest.duplicate("model");
            }
        }
        if (members.kind(index) != ValueKind.STRING) {
            throw BadRequest.invalid(
                    "model",
                    "'model' must be the name of a model, as a string, not "
                            + members.kind(index).described() + ".");
        }
        String name = members.string(index);
        if (name.isBlank()) {
            throw BadRequest.invalid("model", "'model' is empty. Name a model, such as \"model\": \"openai/gpt-5.1\".");
        }
        return Optional.of(name);
    }

    public Dialect dialect() {
        return dialect;
    }

    /** The model that the caller named; empty if only a vocabulary names candidates. */
    public Optional<String> model() {
        return model;
    }

    /**
     * This request, if it names a model, or else the same for the model that the API takes by itself. A target with that
     * model receives the request without a name.
     */
    public CallerRequest orModel(String usual) {
        return orModel(usual, usual);
    }

    /**
     * The same, where the model's name in the gateway differs from the provider's.
     *
     * @param name by which the planner finds the model
     * @param usual as the provider calls it
     */
    public CallerRequest orModel(String name, String usual) {
        if (model.isPresent()) {
            return this;
        }
        if (isForm) {
            // A field that a form does not have is not added.
            return new CallerRequest(dialect, members, Optional.of(name), facts, true, body);
        }
        Splice asItCame = Splice.without(FallbackOptionsReader::owns, members);
        Body named = body;
        return new CallerRequest(
                dialect,
                members,
                Optional.of(name),
                facts,
                false,
                (upstreamModel, overrides, changes) -> !upstreamModel.equals(usual)
                        ? named.bytesFor(upstreamModel, overrides, changes)
                        : asItCame.apply(edits(overrides)));
    }

    /** What decides how the call goes and which answers are acceptable. */
    public RequestFacts facts() {
        return facts;
    }

    /**
     * How many tools the request offers. Only the members that hold tools are read; of broken ones, what comes before the
     * fault counts.
     */
    public int tools() {
        ToolCount count = new ToolCount(members.body());
        for (String name : List.of("tools", "functions", "toolConfig")) {
            int index = members.indexOf(name);
            if (index >= 0) {
                count.add(members.valueStart(index), members.valueEnd(index));
            }
        }
        return count.tools();
    }

    /** The names of tools that are beyond a vendor's limits, and the names to send in their place. */
    Map<String, String> toolNamesBeyond(TargetLimits limits) {
        return PassThroughToolNames.replacements(members, limits);
    }

    /** Whether the answer is to be streamed. */
    public boolean stream() {
        return facts.stream();
    }

    /**
     * Whether the request for a target asks for reasoning.
     *
     * @param overrides what the target gets instead of the request's own members
     */
    public ReasoningChoice reasoning(List<FallbackOptions.Override> overrides) {
        return overrides.isEmpty() ? facts.reasoning() : ofOverrides(overrides).or(facts.reasoning());
    }

    private ReasoningChoice ofOverrides(List<FallbackOptions.Override> overrides) {
        byte[] own = JsonOut.bytes(json -> {
            json.writeStartObject();
            for (FallbackOptions.Override override : overrides) {
                json.writeFieldName(override.name());
                json.writeRawValue(override.json());
            }
            json.writeEndObject();
        });
        try {
            return dialect.reasoning(Members.scan(own, BodyLimits.ofDefaults()));
        } catch (BadRequest tooLarge) {
            // The limits are those of a whole body; what is beyond them is told when the request is sent.
            return ReasoningChoice.UNSAID;
        }
    }

    /** A top-level member as it came, if it is an object; empty otherwise. */
    public Optional<String> object(String name) {
        int index = members.indexOf(name);
        return index >= 0 && members.kind(index) == ValueKind.OBJECT
                ? Optional.of(members.json(index))
                : Optional.empty();
    }

    /** What it refers to that only the provider knows which has stored it; nothing but in Responses. */
    public StoredState storedState() {
        return isResponses() ? StoredState.of(members) : StoredState.NONE;
    }

    /**
     * A number that the requests of one conversation share, as far as that can be seen: from a header or a member that names the
     * session, else from one that names the user, else from the beginning of the conversation. Empty if there is nothing of all this.
     */
    public OptionalLong conversation(HeaderLookup headers) {
        return ConversationNumber.of(members, headers);
    }

    /** Whether {@link #conversation} looks for a header of that name, whatever its case. */
    public static boolean mayNameConversation(String header) {
        return ConversationNumber.mayBeIn(header);
    }

    /** Whether it uses a prompt that a provider has stored, which names the model if the request does not. */
    public boolean hasStoredPrompt() {
        return isResponses() && StoredState.hasPrompt(members);
    }

    /** Whether it refers to items, files or cached content that a provider has stored. Takes a search of the whole input. */
    public boolean hasStoredInput() {
        return switch (dialect.name()) {
            case ResponsesDialect.NAME -> StoredState.isInInput(members);
            case OpenAiDialect.NAME, AnthropicDialect.NAME -> StoredFiles.areIn(members, "messages");
            case GeminiDialect.NAME -> StoredFiles.areIn(members, "contents") || hasCachedContent();
            default -> false;
        };
    }

    /** Gemini: the beginning of the conversation, which the request does not repeat. */
    private boolean hasCachedContent() {
        int index = members.indexOf("cachedContent");
        return index >= 0 && members.kind(index) == ValueKind.STRING;
    }

    private boolean isResponses() {
        return dialect.name().equals(ResponsesDialect.NAME);
    }

    /** What the writer of the answer needs of the request. */
    public RequestContext context() {
        return new RequestContext(body(), wantsUsageInStream(), Instant.now().getEpochSecond());
    }

    private boolean wantsUsageInStream() {
        int index = members.indexOf("stream_options");
        try {
            return index >= 0 && members.value(index).path("include_usage").booleanValue();
        } catch (BadRequest tooLargeOrDeep) {
            // The provider says what is wrong with it.
            return false;
        }
    }

    /** The body as it came. */
    public byte[] body() {
        return members.body();
    }

    /**
     * The fallback options of the request.
     *
     * @throws BadRequest if a vocabulary's field is of the wrong form, or no model is named
     */
    public FallbackOptions options(HeaderLookup headers, OptionsPolicy policy) throws BadRequest {
        FallbackOptions options = FallbackOptionsReader.read(members, headers, policy, dialect::hasOfItsOwn);
        if (model.isEmpty() && options.primary().isEmpty()) {
            throw BadRequest.missing(
                    "model", "The request has no 'model'. Name one, such as \"model\": \"openai/gpt-5.1\".");
        }
        return options;
    }

    /**
     * The body for a target of the same dialect: the caller's bytes with another model, without the fields of the
     * vocabularies, and with the members that this target has of its own. A new array each time.
     *
     * @param upstreamModel the model's name as the provider knows it
     */
    public byte[] bodyFor(String upstreamModel, List<FallbackOptions.Override> overrides) {
        return bodyFor(upstreamModel, overrides, PassThroughEdits.NONE);
    }

    /** The same body with changes that the target's vendor requires. */
    public byte[] bodyFor(String upstreamModel, List<FallbackOptions.Override> overrides, PassThroughEdits changes) {
        return body.bytesFor(upstreamModel, overrides, changes);
    }

    /** What has to change in the body for a target of the same dialect. */
    public PassThroughEdits editsFor(ModelCapabilities capabilities) {
        return dialect.passThroughEdits(members, capabilities);
    }

    /**
     * The request for a target of any dialect.
     *
     * @throws BadRequest if it cannot be understood
     */
    public NeutralRequest neutral(List<FallbackOptions.Override> overrides) throws BadRequest {
        return dialect.readRequest(bodyFor(model.orElse(""), overrides), stream());
    }

    /** The same for a target of another dialect. */
    NeutralRequest portable(List<FallbackOptions.Override> overrides) throws BadRequest {
        return dialect.readPortableRequest(bodyFor(model.orElse(""), overrides), stream());
    }
}
