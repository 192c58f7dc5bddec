package dev.understudy.protocol.ask;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.Nearest;
import dev.understudy.protocol.ask.Ask.AcceptWish;
import dev.understudy.protocol.ask.Ask.Limits;
import dev.understudy.protocol.ask.Ask.RetryWaits;
import dev.understudy.protocol.ask.Ask.StreamWish;
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
final class UnderstudyWords implements Words {
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
    public Ask read(Spoken request) throws BadRequest {
        Optional<Said> field = request.field("understudy");
        if (field.isEmpty()) {
            return Ask.NONE;
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
        AskBuilder ask = Ask.builder();
        Optional<Said> fallbacks = said.get("fallbacks");
        if (fallbacks.isPresent()) {
            FallbackList list = new FallbackList(request, Said::duration);
            ask.vocabulary(vocabulary())
                    .fallbacks(Optional.of(list.read(fallbacks.get())))
                    .credentials(list.keys());
        }
        limits(said, ask);
        retry(said, ask);
        stream(said, ask);
        accept(said, ask);
        return ask.fallbackOn(Said.read(said.get("fallback-on"), UnderstudyWords::kinds))
                .hedging(Said.read(said.get("hedging").or(() -> said.get("overlap")), Said::flag))
                .trailInBody(Said.read(said.get("trail"), Said::flag).orElse(false))
                .build();
    }

    private static void limits(Group said, AskBuilder ask) throws BadRequest {
        Group timeouts = said.group("timeouts", "connect", "first-token", "idle", "answer", "reasoning", "when-late");
        ask.limits(new Limits(
                Said.read(said.get("deadline"), Said::duration),
                Optional.empty(),
                Optional.empty(),
                Said.read(timeouts.get("connect"), Said::duration),
                Said.read(timeouts.get("first-token"), Said::duration),
                Said.read(timeouts.get("idle"), Said::duration),
                Said.read(timeouts.get("answer"), Said::duration),
                Said.read(timeouts.get("reasoning"), Said::duration),
                Said.read(timeouts.get("when-late"), late -> parsed(late, WhenLate::parse)),
                Optional.empty()));
    }

    private static void retry(Group said, AskBuilder ask) throws BadRequest {
        Group retry = said.group("retry", "attempts", "base", "cap", "patience");
        Optional<Said> attempts = retry.get("attempts");
        if (attempts.isPresent()) {
            ask.retries(OptionalInt.of(attempts.get().count()));
        }
        ask.retryWaits(new RetryWaits(
                Said.read(retry.get("base"), Said::waiting),
                Said.read(retry.get("cap"), Said::waiting),
                Said.read(retry.get("patience"), Said::waiting)));
    }

    private static void stream(Group said, AskBuilder ask) throws BadRequest {
        Group stream = said.group("stream", "commit", "recovery", "keep-alive", "tool-calls");
        ask.stream(new StreamWish(
                Said.read(stream.get("commit"), commit -> parsed(commit, StreamWords::commitPoint)),
                Said.read(stream.get("recovery"), recovery -> parsed(recovery, StreamWords::recovery)),
                Said.read(stream.get("keep-alive"), interval -> parsed(interval, KeepAlive::parse)),
                Said.read(stream.get("tool-calls"), calls -> parsed(calls, ToolCalls::parse))));
    }

    private static void accept(Group said, AskBuilder ask) throws BadRequest {
        Group accept = said.group("accept", "empty", "json", "tools", "min-length", "matches");
        Optional<Said> minLength = accept.get("min-length");
        ask.acceptEmpty(Said.read(accept.get("empty"), Said::flag))
                .accept(new AcceptWish(
                        Said.read(accept.get("json"), Said::flag),
                        Said.read(accept.get("tools"), Said::flag),
                        minLength.isPresent()
                                ? OptionalInt.of(minLength.get().count(LONGEST_MINIMUM))
                                : OptionalInt.empty(),
                        Said.read(accept.get("matches"), UnderstudyWords::pattern)));
    }

    private static Set<FailureKind> kinds(Said said) throws BadRequest {
        Set<FailureKind> kinds = new LinkedHashSet<>();
        for (Said item : said.items()) {
            kinds.add(parsed(item, FallbackOnWords::parse));
        }
        return kinds;
    }

    private static AnswerPattern pattern(Said said) throws BadRequest {
        if (!(said.value() instanceof JsonValue.Text(String regex))) {
            throw said.wrong("a regular expression, as a string");
        }
        try {
            return AnswerPattern.of(regex);
        } catch (IllegalArgumentException unreadable) {
            throw BadRequest.invalid(said.where(), "'" + said.where() + "' " + unreadable.getMessage() + ".");
        }
    }

    private static <T> T parsed(Said said, Function<String, T> parser) throws BadRequest {
        try {
            return parser.apply(said.name());
        } catch (IllegalArgumentException wrong) {
            throw BadRequest.invalid(said.where(), "'" + said.where() + "' " + wrong.getMessage());
        }
    }

    /** An object of which every key is known. */
    private record Group(Map<String, Said> members) {
        static Group of(Said object, String... keys) throws BadRequest {
            Map<String, Said> members = new HashMap<>();
            List<String> known = List.of(keys);
            for (Map.Entry<String, Said> member : object.members().entrySet()) {
                String key = member.getKey().replace('_', '-');
                String where = member.getValue().where();
                if (!known.contains(key)) {
                    throw BadRequest.unknown(
                            where,
                            "'" + where + "' is not known." + Nearest.suggestion(key, known) + " Known here: "
                                    + String.join(", ", known) + ".");
                }
                if (members.put(key, member.getValue()) != null) {
                    throw BadRequest.duplicate(where);
                }
            }
            return new Group(members);
        }

        Optional<Said> get(String key) {
            return Optional.ofNullable(members.get(key));
        }

        Group group(String key, String... keys) throws BadRequest {
            Optional<Said> object = get(key);
            return object.isPresent() ? of(object.get(), keys) : new Group(Map.of());
        }
    }
}
