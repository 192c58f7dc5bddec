package dev.understudy.protocol.options;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.ClosestMatches;
import dev.understudy.protocol.options.FallbackOptions.AcceptWish;
import dev.understudy.protocol.options.FallbackOptions.Limits;
import dev.understudy.protocol.options.FallbackOptions.RetryWaits;
import dev.understudy.protocol.options.FallbackOptions.StreamWish;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonValue;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * Our own words: {@code understudy: {fallbacks, fallback-on, deadline, timeouts, retry, stream, accept, hedging, trail}},
 * with the same keys and units as the configuration file. {@code overlap} is the old name of {@code hedging}.
 *
 * <p>Here, and only here, an unknown key is an error: it can only be a slip, and the caller would wait in vain for its
 * effect. Keys may be written with {@code _} for {@code -}.
 */
final class UnderstudyOptions implements OptionsParser {
    /** Longer answers than this are not written. */
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
        Group said = Group.of(
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
        FallbackOptionsBuilder ask = FallbackOptions.builder();
        Optional<FieldValue> fallbacks = said.get("fallbacks");
        if (fallbacks.isPresent()) {
            FallbackList list = new FallbackList(request, FieldValue::duration);
            ask.vocabulary(vocabulary())
                    .fallbacks(Optional.of(list.read(fallbacks.get())))
                    .credentials(list.keys());
        }
        limits(said, ask);
        retry(said, ask);
        stream(said, ask);
        accept(said, ask);
        return ask.fallbackOn(FieldValue.read(said.get("fallback-on"), UnderstudyOptions::kinds))
                .hedging(FieldValue.read(said.get("hedging").or(() -> said.get("overlap")), FieldValue::flag))
                .trailInBody(FieldValue.read(said.get("trail"), FieldValue::flag).orElse(false))
                .build();
    }

    private static void limits(Group said, FallbackOptionsBuilder ask) throws BadRequest {
        Group timeouts = said.group("timeouts", "connect", "first-token", "idle", "answer", "reasoning", "when-late");
        ask.limits(new Limits(
                FieldValue.read(said.get("deadline"), FieldValue::duration),
                Optional.empty(),
                Optional.empty(),
                FieldValue.read(timeouts.get("connect"), FieldValue::duration),
                FieldValue.read(timeouts.get("first-token"), FieldValue::duration),
                FieldValue.read(timeouts.get("idle"), FieldValue::duration),
                FieldValue.read(timeouts.get("answer"), FieldValue::duration),
                FieldValue.read(timeouts.get("reasoning"), FieldValue::duration),
                FieldValue.read(timeouts.get("when-late"), late -> parsed(late, WhenLate::parse)),
                Optional.empty()));
    }

    private static void retry(Group said, FallbackOptionsBuilder ask) throws BadRequest {
        Group retry = said.group("retry", "attempts", "base", "cap", "patience");
        Optional<FieldValue> attempts = retry.get("attempts");
        if (attempts.isPresent()) {
            ask.retries(OptionalInt.of(attempts.get().count()));
        }
        ask.retryWaits(new RetryWaits(
                FieldValue.read(retry.get("base"), FieldValue::waiting),
                FieldValue.read(retry.get("cap"), FieldValue::waiting),
                FieldValue.read(retry.get("patience"), FieldValue::waiting)));
    }

    private static void stream(Group said, FallbackOptionsBuilder ask) throws BadRequest {
        Group stream = said.group("stream", "commit", "recovery", "keep-alive", "tool-calls");
        ask.stream(new StreamWish(
                FieldValue.read(stream.get("commit"), commit -> parsed(commit, StreamOptionValues::commitPoint)),
                FieldValue.read(stream.get("recovery"), recovery -> parsed(recovery, StreamOptionValues::recovery)),
                FieldValue.read(stream.get("keep-alive"), interval -> parsed(interval, KeepAliveInterval::parse)),
                FieldValue.read(stream.get("tool-calls"), calls -> parsed(calls, ToolCallDelivery::parse))));
    }

    private static void accept(Group said, FallbackOptionsBuilder ask) throws BadRequest {
        Group accept = said.group("accept", "empty", "json", "tools", "min-length", "matches");
        Optional<FieldValue> minLength = accept.get("min-length");
        ask.acceptEmpty(FieldValue.read(accept.get("empty"), FieldValue::flag))
                .accept(new AcceptWish(
                        FieldValue.read(accept.get("json"), FieldValue::flag),
                        FieldValue.read(accept.get("tools"), FieldValue::flag),
                        minLength.isPresent()
                                ? OptionalInt.of(minLength.get().count(LONGEST_MINIMUM))
                                : OptionalInt.empty(),
                        FieldValue.read(accept.get("matches"), UnderstudyOptions::pattern)));
    }

    private static Set<FailureKind> kinds(FieldValue said) throws BadRequest {
        Set<FailureKind> kinds = new LinkedHashSet<>();
        for (FieldValue item : said.items()) {
            kinds.add(parsed(item, FallbackOnValues::parse));
        }
        return kinds;
    }

    private static AnswerPattern pattern(FieldValue said) throws BadRequest {
        if (!(said.value() instanceof JsonValue.Text(String regex))) {
            throw said.wrong("a regular expression, as a string");
        }
        try {
            return AnswerPattern.of(regex);
        } catch (IllegalArgumentException unreadable) {
            throw BadRequest.invalid(said.where(), "'" + said.where() + "' " + unreadable.getMessage() + ".");
        }
    }

    private static <T> T parsed(FieldValue said, Function<String, T> parser) throws BadRequest {
        try {
            return parser.apply(said.name());
        } catch (IllegalArgumentException wrong) {
            throw BadRequest.invalid(said.where(), "'" + said.where() + "' " + wrong.getMessage());
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
