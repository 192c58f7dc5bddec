package dev.understudy.protocol.options;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.ClosestMatches;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.AcceptOptions;
import dev.understudy.protocol.options.FallbackOptions.Limits;
import dev.understudy.protocol.options.FallbackOptions.RetryWaits;
import dev.understudy.protocol.options.FallbackOptions.StreamOptions;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * Understudy's own vocabulary: {@code understudy: {fallbacks, fallback-on, deadline, timeouts, retry, stream, accept, hedging, trail}},
 * with the same keys and units as the configuration file. {@code overlap} is the old name of {@code hedging}.
 *
 * <p>Only in this vocabulary an unknown key is an error: it can only be a mistake, and would have no effect. Keys may be written with {@code _} for {@code -}.
 */
final class UnderstudyOptions implements OptionsParser {
    /** The highest minimum length, in characters; no model writes longer answers. */
    private static final int LONGEST_MINIMUM = 1_000_000;

    @Override
    public String vocabulary() {
        return "understudy";
    }

    @Override
    public Set<String> fields() {
        return Set.of("understudy");
    }

    @Override
    public FallbackOptions read(OptionsSource request) throws BadRequest {
        Optional<FieldValue> field = request.field("understudy");
        if (field.isEmpty()) {
            return FallbackOptions.NONE;
        }
        Group value = Group.of(
                field.get(),
                "fallbacks",
                "fallback-on",
                "deadline",
                "timeouts",
                "retry",
                "stream",
                "accept",
                "hedging",
                "overlap",
                "trail");
        FallbackOptionsBuilder options = FallbackOptions.builder();
        Optional<FieldValue> fallbacks = value.get("fallbacks");
        if (fallbacks.isPresent()) {
            FallbackList list = new FallbackList(request, FieldValue::duration);
            options.vocabulary(vocabulary())
                    .fallbacks(Optional.of(list.read(fallbacks.get())))
                    .credentials(list.keys());
        }
        limits(value, options);
        retry(value, options);
        stream(value, options);
        accept(value, options);
        return options.fallbackOn(FieldValue.read(value.get("fallback-on"), UnderstudyOptions::kinds))
                .hedging(FieldValue.read(value.get("hedging").or(() -> value.get("overlap")), FieldValue::flag))
                .trailInBody(
                        FieldValue.read(value.get("trail"), FieldValue::flag).orElse(false))
                .build();
    }

    private static void limits(Group value, FallbackOptionsBuilder options) throws BadRequest {
        Group timeouts = value.group("timeouts", "connect", "first-token", "idle", "answer", "reasoning", "when-late");
        options.limits(Limits.builder()
                .deadline(FieldValue.read(value.get("deadline"), FieldValue::duration))
                .connect(FieldValue.read(timeouts.get("connect"), FieldValue::duration))
                .firstToken(FieldValue.read(timeouts.get("first-token"), FieldValue::duration))
                .idle(FieldValue.read(timeouts.get("idle"), FieldValue::duration))
                .answer(FieldValue.read(timeouts.get("answer"), FieldValue::duration))
                .reasoning(FieldValue.read(timeouts.get("reasoning"), FieldValue::duration))
                .whenLate(FieldValue.read(timeouts.get("when-late"), late -> parsed(late, WhenLate::parse)))
                .build());
    }

    private static void retry(Group value, FallbackOptionsBuilder options) throws BadRequest {
        Group retry = value.group("retry", "attempts", "base", "cap", "patience");
        Optional<FieldValue> attempts = retry.get("attempts");
        if (attempts.isPresent()) {
            options.retries(OptionalInt.of(attempts.get().count()));
        }
        options.retryWaits(new RetryWaits(
                FieldValue.read(retry.get("base"), FieldValue::waiting),
                FieldValue.read(retry.get("cap"), FieldValue::waiting),
                FieldValue.read(retry.get("patience"), FieldValue::waiting)));
    }

    private static void stream(Group value, FallbackOptionsBuilder options) throws BadRequest {
        Group stream = value.group("stream", "commit", "recovery", "keep-alive", "tool-calls");
        options.stream(new StreamOptions(
                FieldValue.read(stream.get("commit"), commit -> parsed(commit, StreamOptionValues::commitPoint)),
                FieldValue.read(stream.get("recovery"), recovery -> parsed(recovery, StreamOptionValues::recovery)),
                FieldValue.read(stream.get("keep-alive"), interval -> parsed(interval, KeepAliveInterval::parse)),
                FieldValue.read(stream.get("tool-calls"), calls -> parsed(calls, ToolCallDelivery::parse))));
    }

    private static void accept(Group value, FallbackOptionsBuilder options) throws BadRequest {
        Group accept = value.group("accept", "empty", "json", "tools", "min-length", "matches");
        Optional<FieldValue> minLength = accept.get("min-length");
        options.acceptEmpty(FieldValue.read(accept.get("empty"), FieldValue::flag))
                .accept(new AcceptOptions(
                        FieldValue.read(accept.get("json"), FieldValue::flag),
                        FieldValue.read(accept.get("tools"), FieldValue::flag),
                        minLength.isPresent()
                                ? OptionalInt.of(minLength.get().count(LONGEST_MINIMUM))
                                : OptionalInt.empty(),
                        FieldValue.read(accept.get("matches"), UnderstudyOptions::pattern)));
    }

    private static Set<FailureKind> kinds(FieldValue value) throws BadRequest {
        Set<FailureKind> kinds = new LinkedHashSet<>();
        for (FieldValue item : value.items()) {
            kinds.add(parsed(item, FallbackOnValues::parse));
        }
        return kinds;
    }

    private static AnswerPattern pattern(FieldValue value) throws BadRequest {
        if (!value.isText()) {
            throw value.wrong("a regular expression, as a string");
        }
        try {
            return AnswerPattern.of(value.value().textValue());
        } catch (IllegalArgumentException unreadable) {
            throw BadRequest.invalid(value.where(), "'" + value.where() + "' " + unreadable.getMessage() + ".");
        }
    }

    private static <T> T parsed(FieldValue value, Function<String, T> parser) throws BadRequest {
        try {
            return parser.apply(value.name());
        } catch (IllegalArgumentException wrong) {
            throw BadRequest.invalid(value.where(), "'" + value.where() + "' " + wrong.getMessage());
        }
    }

    /** An object of which every key is known. */
    private record Group(Map<String, FieldValue> members) {
        static Group of(FieldValue object, String... keys) throws BadRequest {
            Map<String, FieldValue> members = new HashMap<>();
            List<String> known = List.of(keys);
            for (Map.Entry<String, FieldValue> member : object.members().entrySet()) {
                String key = member.getKey().replace('_', '-');
                String where = member.getValue().where();
                if (!known.contains(key)) {
                    throw BadRequest.unknown(
                            where,
                            "'" + where + "' is not known." + ClosestMatches.suggestion(key, known) + " Known here: "
                                    + String.join(", ", known) + ".");
                }
                if (members.put(key, member.getValue()) != null) {
                    throw BadRequest.duplicate(where);
                }
            }
            return new Group(members);
        }

        Optional<FieldValue> get(String key) {
            return Optional.ofNullable(members.get(key));
        }

        Group group(String key, String... keys) throws BadRequest {
            Optional<FieldValue> object = get(key);
            return object.isPresent() ? of(object.get(), keys) : new Group(Map.of());
        }
    }
}
