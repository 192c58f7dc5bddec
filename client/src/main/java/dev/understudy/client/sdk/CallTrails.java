package dev.understudy.client.sdk;

import dev.understudy.client.chain.CallTrail;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Group;
import dev.understudy.engine.TrailEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a trail from the response header that has it: for a stream, as it was when the stream began. */
public final class CallTrails {
    /** The header. */
    public static final String HEADER = "understudy-trail";

    private static final Pattern ENTRY =
            Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"((?:;[^;,=\"]+=(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^;,\"]+))*)");
    private static final Pattern PARAMETER = Pattern.compile(";([^=]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;]+))");

    private CallTrails() {}

    /** The trail; without entries if the text has none. */
    public static CallTrail of(String header) {
        List<TrailEntry> entries = new ArrayList<>();
        Matcher matcher = ENTRY.matcher(header);
        int attempts = 0;
        while (matcher.find()) {
            String target = unescaped(matcher.group(1));
            String parameters = matcher.group(2);
            Optional<String> reason = parameter(parameters, "reason");
            Optional<String> outcome = parameter(parameters, "outcome");
            if (reason.isPresent()) {
                entries.add(TrailEntry.skipped(target, reason.get()).in(choice(parameters)));
            } else if (outcome.isPresent()) {
                attempts++;
                boolean isAgain = entries.stream()
                        .anyMatch(each -> each.isAttempt() && each.target().equals(target));
                AttemptKind alone =
                        attempts == 1 ? AttemptKind.PRIMARY : isAgain ? AttemptKind.RETRY : AttemptKind.FALLBACK;
                entries.add(attempt(target, attempts, alone, outcome.get(), parameters)
                        .in(choice(parameters)));
            }
        }
        return new CallTrail(entries);
    }

    private static Optional<Group.Choice> choice(String parameters) {
        return parameter(parameters, "group")
                .map(group ->
                        new Group.Choice(group, parameter(parameters, "chosen").orElse("")));
    }

    private static TrailEntry attempt(String target, int number, AttemptKind alone, String outcome, String parameters) {
        TrailEntry.State state = switch (outcome) {
            case "ok" -> TrailEntry.State.ANSWERED;
            case "answering" -> TrailEntry.State.RUNNING;
            case "cancelled" -> TrailEntry.State.CANCELLED;
            default -> TrailEntry.State.FAILED;
        };
        Optional<Failure> failure = state == TrailEntry.State.FAILED ? failure(outcome, parameters) : Optional.empty();
        AttemptKind kind =
                parameter(parameters, "kind").flatMap(CallTrails::kind).orElse(alone);
        long millis = parameter(parameters, "ms").map(CallTrails::number).orElse(0);
        return new TrailEntry(
                target,
                number,
                kind,
                // A kind of failure that a later version has added.
                state == TrailEntry.State.FAILED && failure.isEmpty() ? TrailEntry.State.CANCELLED : state,
                failure,
                "",
                TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static Optional<Failure> failure(String outcome, String parameters) {
        return Arrays.stream(FailureKind.values())
                .filter(kind -> kind.wireName().equals(outcome))
                .findFirst()
                .map(kind -> new Failure(
                        kind,
                        parameter(parameters, "status").map(CallTrails::number).orElse(0),
                        ErrorDetails.of(kind.wireName()),
                        OptionalLong.empty()));
    }

    private static Optional<AttemptKind> kind(String name) {
        return Arrays.stream(AttemptKind.values())
                .filter(kind -> kind.wireName().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException tooLong) {
            return 0;
        }
    }

    private static String unescaped(String quoted) {
        return quoted.replaceAll("\\\\(.)", "$1");
    }

    private static Optional<String> parameter(String parameters, String name) {
        Matcher matcher = PARAMETER.matcher(parameters);
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return Optional.ofNullable(matcher.group(3))
                        .or(() -> Optional.ofNullable(matcher.group(2)).map(CallTrails::unescaped));
            }
        }
        return Optional.empty();
    }
}
