package dev.understudy.protocol.options;

import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.options.FallbackOptions.Limits;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads what a request asks of the fallback layer, in all vocabularies at once.
 *
 * <p>Callers come from other systems with a changed base URL and unchanged code, so any of their words may be in a
 * request, and some come in two. Our own go before the others, and those in the order of {@link #ORDER}; what a higher
 * one is silent about, a lower one may say.
 */
public final class FallbackOptionsReader {
    private static final List<OptionsParser> ORDER = List.of(
            new UnderstudyOptions(),
            new OpenPipeOptions(),
            new KeywordsOptions(),
            new LiteLlmOptions(),
            new OpenRouterOptions(),
            new PortkeyOptions(),
            new VercelOptions());

    private static final Set<String> FIELDS = allFields();

    /** Longer waits than a day are as good as none. */
    private static final long LONGEST_WAIT = Duration.ofDays(1).toSeconds();

    private static final List<String> PATIENCE =
            List.of("x-stainless-timeout", "x-stainless-read-timeout", "x-server-timeout");

    private FallbackOptionsReader() {}

    /**
     * Reads a request.
     *
     * @throws BadRequest if something of a vocabulary is of the wrong form; the message names the field
     */
    public static FallbackOptions read(Members members, HeaderLookup headers, OptionsPolicy policy) throws BadRequest {
        return read(members, headers, policy, name -> false);
    }

    /**
     * Reads a request of a dialect in which some of these words mean something else.
     *
     * @param meansElse whether a field is to be left alone
     */
    public static FallbackOptions read(
            Members members, HeaderLookup headers, OptionsPolicy policy, Predicate<String> meansElse)
            throws BadRequest {
        OptionsSource request = new OptionsSource(members, FIELDS, meansElse, headers, policy);
        FallbackOptions options = FallbackOptions.NONE;
        for (OptionsParser words : ORDER) {
            options = options.or(words.read(request));
        }
        Optional<Duration> callerWaits = callerWaits(request);
        return callerWaits.isEmpty()
                ? options
                : options.or(FallbackOptions.builder()
                        .limits(Limits.ofPatience(callerWaits.get()))
                        .build());
    }

    /**
     * Whether a header of that name may be looked for here, in whatever case it is written. It never says no to one that
     * is, so that the others need not be kept.
     */
    public static boolean mayHear(String header) {
        return header.regionMatches(true, 0, "x-", 0, 2) || header.regionMatches(true, 0, "op-", 0, 3);
    }

    /** Whether a top-level field belongs to a vocabulary: such fields are read here and never sent on. */
    public static boolean owns(String field) {
        return FIELDS.contains(field);
    }

    /** All such fields. */
    public static Set<String> fields() {
        return FIELDS;
    }

    /**
     * How long the caller's client waits before it gives the request up, in seconds: the shorter time if it tells several. It
     * is a hint and not a wish, so what cannot be read says nothing; 0 means that there is no such time, or less than a
     * second.
     *
     * <p>OpenAI's and Anthropic's clients for Node send how long they wait for the head of the response, those for Python how
     * long they wait for the next byte of it, and Google's how long the server may take. Until a response has begun all of
     * them are the same.
     */
    private static Optional<Duration> callerWaits(OptionsSource request) {
        Optional<Duration> shortest = Optional.empty();
        for (String header : PATIENCE) {
            Optional<Duration> told = request.header(header).flatMap(FallbackOptionsReader::patience);
            if (shortest.isEmpty() || (told.isPresent() && told.get().compareTo(shortest.get()) < 0)) {
                shortest = told;
            }
        }
        return shortest;
    }

    private static Optional<Duration> patience(String text) {
        return Optional.of(text)
                .filter(said -> said.matches("[0-9]{1,9}(\\.[0-9]{1,9})?"))
                .map(Double::parseDouble)
                .filter(seconds -> seconds > 0 && seconds <= LONGEST_WAIT)
                .map(seconds -> Duration.ofMillis(Math.max(1, (long) (seconds * 1000))));
    }

    private static Set<String> allFields() {
        Set<String> fields = new HashSet<>();
        for (OptionsParser words : ORDER) {
            fields.addAll(words.fields());
        }
        return Set.copyOf(fields);
    }
}
