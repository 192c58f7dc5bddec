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
 * Reads the fallback options of a request, in all vocabularies at once.
 *
 * <p>Callers come from other systems with a changed base URL and unchanged code, so a request may
 * have options in any vocabulary, and some have two. Understudy's own takes precedence over the others, and those are in the
 * order of {@link #ORDER}; what is absent in a higher one is taken from a lower one.
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

    /** A timeout of more than a day counts as none. */
    private static final long LONGEST_WAIT = Duration.ofDays(1).toSeconds();

    private static final List<String> PATIENCE =
            List.of("x-stainless-timeout", "x-stainless-read-timeout", "x-server-timeout");

    private FallbackOptionsReader() {}

    /**
     * Reads a request.
     *
     * @throws BadRequest if an option has the wrong form; the message names the field
     */
    public static FallbackOptions read(Members members, HeaderLookup headers, OptionsPolicy policy) throws BadRequest {
        return read(members, headers, policy, name -> false);
    }

    /**
     * Reads a request of a dialect in which some of these fields have another meaning.
     *
     * @param meansElse whether a field has another meaning and is not an option
     */
    public static FallbackOptions read(
            Members members, HeaderLookup headers, OptionsPolicy policy, Predicate<String> meansElse)
            throws BadRequest {
        OptionsSource request = new OptionsSource(members, FIELDS, meansElse, headers, policy);
        FallbackOptions options = FallbackOptions.NONE;
        for (OptionsParser parser : ORDER) {
            options = options.or(parser.read(request));
        }
        Optional<Duration> callerWaits = callerWaits(request);
        return callerWaits.isEmpty()
                ? options
                : options.or(FallbackOptions.builder()
                        .limits(Limits.ofPatience(callerWaits.get()))
                        .build());
    }

    /**
     * Whether a header may have fallback options, whatever the case of its name. It is true for all that have, so the others
     * need not be kept.
     */
    public static boolean mayHaveOptions(String header) {
        return header.regionMatches(true, 0, "x-", 0, 2) || header.regionMatches(true, 0, "op-", 0, 3);
    }

    /** Whether a top-level field belongs to a vocabulary: such fields are read here and never sent upstream. */
    public static boolean owns(String field) {
        return FIELDS.contains(field);
    }

    /** All such fields. */
    public static Set<String> fields() {
        return FIELDS;
    }

    /**
     * The timeout of the caller's client, from headers in seconds: the shortest of several. It is a hint and not an option,
     * so an unreadable one is ignored; 0 means that there is none, or that it is less than a second.
     *
     * <p>OpenAI's and Anthropic's clients for Node send how long they wait for the head of the response, those for Python how
     * long they wait for the next byte of it, and Google's how long the server may take. Until a response has begun all of
     * them are the same.
     */
    private static Optional<Duration> callerWaits(OptionsSource request) {
        Optional<Duration> shortest = Optional.empty();
        for (String header : PATIENCE) {
            Optional<Duration> stated = request.header(header).flatMap(FallbackOptionsReader::patience);
            if (shortest.isEmpty() || (stated.isPresent() && stated.get().compareTo(shortest.get()) < 0)) {
                shortest = stated;
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
