package dev.understudy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each act looks like from outside. The table is exhaustive: a new act does not compile without its line. */
@Timeout(60)
class EveryActTest {

    private static final Pattern FINISH = Pattern.compile("\"finish_reason\":\"(\\w+)\"");
    private static Stage stage;

    /**
     * @param words how many words of content arrive
     * @param finish the finish_reason, or an empty text if none arrives
     * @param done whether the stream says {@code [DONE]}
     */
    private record Seen(int status, End end, int words, String finish, boolean done) {

        static final Seen NOTHING = new Seen(0, End.SILENT, 0, "", false);

        static Seen good(int words, boolean stream) {
            return new Seen(200, End.COMPLETE, words, "stop", stream);
        }

        static Seen error(int status) {
            return new Seen(status, End.COMPLETE, 0, "", false);
        }

        static Seen broken(End end, int words) {
            return new Seen(200, end, words, "", false);
        }
    }

    @BeforeAll
    static void raise() {
        stage = new Stage();
    }

    @AfterAll
    static void lower() {
        stage.close();
    }

    @ParameterizedTest
    @EnumSource
    void streamHasTheFormOfItsName(Act act) {
        assertThat(look(act, true)).isEqualTo(expected(act, true));
    }

    @ParameterizedTest
    @EnumSource
    void wholeAnswerHasTheFormOfItsName(Act act) {
        assertThat(look(act, false)).isEqualTo(expected(act, false));
    }

    private static Seen expected(Act act, boolean stream) {
        return switch (act) {
            case OK, SLOW, USAGE_LAST, FLAKY -> Seen.good(60, stream);
            case HTTP10 -> Seen.good(60, stream);
            case TINY -> Seen.good(1000, stream);
            case BIG -> Seen.good(1000, stream);
            case JSON -> Seen.good(1, stream);
            // Compressed: told apart in another test.
            case GZIP -> Seen.broken(End.COMPLETE, 0);
            case DOWN, OVERLOADED -> Seen.error(503);
            case ERROR, ONCE -> Seen.error(500);
            case THROTTLED, QUOTA -> Seen.error(429);
            case UNAUTHORIZED -> Seen.error(401);
            case FORBIDDEN -> Seen.error(403);
            case MISSING -> Seen.error(404);
            case TOO_LONG, FILTERED, BAD_REQUEST -> Seen.error(400);
            case REFUSED -> new Seen(0, End.CLOSED, 0, "", false);
            case RESET -> new Seen(0, End.RESET, 0, "", false);
            case SILENT -> Seen.NOTHING;
            case HEADERS_THEN_NOTHING, ROLE_ONLY -> Seen.broken(End.SILENT, 0);
            case CUT -> Seen.broken(End.CLOSED, 40);
            case STALL -> Seen.broken(End.SILENT, 20);
            case PINGS -> Seen.broken(End.ENDLESS, 0);
            case EMPTY -> Seen.good(0, stream);
            case GARBLED -> stream ? Seen.good(60, true) : Seen.broken(End.COMPLETE, 0);
            case ERROR_EVENT -> Seen.broken(End.COMPLETE, stream ? 20 : 0);
            case NO_DONE -> Seen.good(60, false);
            case DONE_WITHOUT_FINISH -> new Seen(200, End.COMPLETE, 60, "", stream);
            case TOOL_CALL -> new Seen(200, End.COMPLETE, 0, "tool_calls", stream);
        };
    }

    /** The act with its defaults, but for what would make the test slow. */
    private static String model(Act act, boolean stream) {
        return switch (act) {
            case SLOW -> "slow?ttft=50ms";
            case TINY -> "tiny?tokens=1000";
            case BIG -> "big?bytes=" + CountingText.text(1000).length();
            case PINGS -> "pings?every=20ms";
            case FLAKY -> "flaky?p=0";
            case ONCE -> "once?key=every-act-" + stream;
            default -> act.id();
        };
    }

    private static Duration patience(Act act) {
        return switch (act) {
            case SILENT, HEADERS_THEN_NOTHING, ROLE_ONLY, STALL, PINGS -> Stage.LITTLE;
            default -> Stage.ENOUGH;
        };
    }

    private static Seen look(Act act, boolean stream) {
        RawAnswer answer = stage.ask(model(act, stream), stream, patience(act));
        String content = Stage.content(cutJsonClosed(answer)).strip();
        return new Seen(
                answer.status(),
                answer.end(),
                content.isEmpty() ? 0 : content.split(" ").length,
                FINISH.matcher(answer.body())
                        .results()
                        .map(match -> match.group(1))
                        .findFirst()
                        .orElse(""),
                answer.body().endsWith("data: [DONE]\n\n"));
    }

    /** So that the content of a body that was cut inside a string is found too. */
    private static String cutJsonClosed(RawAnswer answer) {
        return answer.body().startsWith("{") ? answer.body() + "\"" : answer.body();
    }
}
