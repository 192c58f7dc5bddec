package dev.understudy.protocol.chat;

import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Splice;
import dev.understudy.protocol.json.Splice.Edit;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.options.FallbackOptionsReader;
import dev.understudy.protocol.options.OptionsPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request for a chat completion: what the fallback layer must know of it, and the bytes to send to each target.
 *
 * <p>Only what decides about the call is looked at; whether the rest makes sense is for the provider to judge, who knows
 * fields that nobody here has heard of. The body's array is kept, not copied: do not change it afterwards.
 */
public final class ChatRequest {
    private final Members members;
    private final Splice splice;
    private final Optional<String> model;
    private final RequestFacts facts;

    private ChatRequest(Members members, Optional<String> model, RequestFacts facts) {
        this.members = members;
        this.splice = Splice.without(FallbackOptionsReader::owns, members);
        this.model = model;
        this.facts = facts;
    }

    /** Reads a body with the usual limits. */
    public static ChatRequest read(byte[] body) throws BadRequest {
        return read(body, BodyLimits.ofDefaults());
    }

    /**
     * Reads a body.
     *
     * @throws BadRequest if it is not a JSON object, or lacks {@code messages}, or one of the fields that are read
     *     here is of the wrong type or stands twice
     */
    public static ChatRequest read(byte[] body, BodyLimits limits) throws BadRequest {
        Members members = Members.scan(body, limits);
        return RequestReading.of(members);
    }

    static ChatRequest of(Members members, Optional<String> model, RequestFacts facts) {
        return new ChatRequest(members, model, facts);
    }

    /**
     * The model that the caller named. A body may have none and name candidates in a vocabulary ({@code models}); then
     * {@link #options} tells the {@link FallbackOptions#primary() primary}, or refuses the request.
     */
    public Optional<String> model() {
        return model;
    }

    /** What decides how the call goes and which answers are acceptable. */
    public RequestFacts facts() {
        return facts;
    }

    /** Whether the answer is to be streamed. */
    public boolean stream() {
        return facts.stream();
    }

    /**
     * What the caller asks of the fallback layer.
     *
     * @throws BadRequest if a vocabulary's field is of the wrong form, or nobody names a model
     */
    public FallbackOptions options(HeaderLookup headers, OptionsPolicy policy) throws BadRequest {
        FallbackOptions options = FallbackOptionsReader.read(members, headers, policy);
        if (model.isEmpty() && options.primary().isEmpty()) {
            throw RequestReading.noModel();
        }
        return options;
    }

    /**
     * The body for one target: the caller's bytes with another model, without the fields of the fallback vocabularies,
     * and with the members that this target has of its own. A new array each time, so that nothing leaks from one
     * target to the next.
     *
     * @param upstreamModel the model's name as the provider knows it
     */
    public byte[] bodyFor(String upstreamModel, List<FallbackOptions.Override> overrides) {
        if (overrides.isEmpty()) {
            return splice.apply(List.of(Edit.ofString("model", upstreamModel)));
        }
        List<Edit> edits = new ArrayList<>(overrides.size() + 1);
        edits.add(Edit.ofString("model", upstreamModel));
        for (FallbackOptions.Override override : overrides) {
            edits.add(new Edit(override.name(), override.json()));
        }
        return splice.apply(edits);
    }

    /** The top-level members of the body, with those of the vocabularies. */
    public Members members() {
        return members;
    }

    /**
     * The caller's bytes without the fields of the vocabularies, with these edits and items; {@link #bodyFor} is the usual
     * way to make them.
     *
     * @throws IllegalArgumentException if an item's name is not that of a list in the body
     */
    public byte[] spliced(List<Edit> edits, List<Splice.Item> items) {
        return splice.apply(edits, items);
    }
}
