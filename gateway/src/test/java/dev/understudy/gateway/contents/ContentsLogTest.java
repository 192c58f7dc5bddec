package dev.understudy.gateway.contents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.ContentsSettings;
import dev.understudy.calls.record.FinishedCall;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.options.FallbackOptions.LogOptions;
import dev.understudy.store.CallContents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ContentsLogTest {
    private static final int MOST = 1_000;
    private static final ContentsSettings SETTINGS =
            new ContentsSettings(true, Duration.ofDays(1), 10, MOST, Set.of(), Set.of());

    /** What the store received, with what frees the memory. */
    private record Added(CallContents.Content content, Runnable released) {}

    private final BlockingQueue<Added> added = new LinkedBlockingQueue<>();
    private final ContentsLog log = new ContentsLog(
            Optional.of(new CallContents() {
                @Override
                public void add(Content content, Runnable released) {
                    added.add(new Added(content, released));
                }

                @Override
                public Optional<Content> find(String id) {
                    return Optional.empty();
                }

                @Override
                public boolean has(String id) {
                    return false;
                }

                @Override
                public long dropped() {
                    return 0;
                }
            }),
            () -> SETTINGS);

    private static FinishedCall call(boolean quiet) {
        return new FinishedCall(
                new FinishedCall.Request(
                        "call-1", "", "m", "", false, new LogOptions(quiet, "", List.of()), Optional.empty()),
                new FinishedCall.Outcome(FinishedCall.Ending.ANSWERED, 200, "one/a", List.of(), Optional.empty()),
                new FinishedCall.Measurements(
                        1_000, OptionalLong.empty(), Usage.NONE, AnswerReport.NONE, Optional.empty()));
    }

    private CollectedContents begin(Api api, String body, String type) {
        return log.begin(api, body.getBytes(StandardCharsets.UTF_8), () -> Optional.of(type))
                .orElseThrow();
    }

    private static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private Added next() throws InterruptedException {
        Added next = added.poll(30, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private static String event(String content) {
        return "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + content + "\"}}]}\n\n";
    }

    @Test
    void aStreamIsKeptAsItsTextInWhichAKeyInPiecesIsFound() throws Exception {
        CollectedContents call = begin(Api.CHAT, "{\"a\":1}", "application/json");
        call.streamBegan("text/event-stream; charset=utf-8");
        for (String piece : List.of("use ", "sk-abc", "def0123", "456789", " now")) {
            call.receive(bytes(event(piece)));
        }
        call.ended(call(false));

        CallContents.Content kept = next().content();
        assertThat(kept.id()).isEqualTo("call-1");
        assertThat(kept.sent().text()).isEqualTo("{\"a\":1}");
        assertThat(kept.received().text()).isEqualTo("use [redacted] now");
        assertThat(kept.received().cut()).isFalse();
    }

    @Test
    void whatIsTooLongIsCutWithoutHalfAKey() throws Exception {
        String key = "sk-abcdef0123456789";
        for (int before = MOST - key.length() - 3; before < MOST + 3; before++) {
            String text = "é".repeat(100) + "x".repeat(before - 201) + " " + key + "y ".repeat(MOST);
            CollectedContents call = begin(Api.CHAT, text, "application/json");
            call.answered("application/json", bytes(text));
            call.ended(call(false));

            CallContents.Content kept = next().content();
            assertThat(kept.sent()).isEqualTo(kept.received());
            assertThat(kept.sent().text()).doesNotContain("sk-", "abcd").hasSizeLessThanOrEqualTo(MOST);
            assertThat(kept.sent().text().length()).isGreaterThan(MOST - 130);
            assertThat(kept.sent().cut()).isTrue();
            assertThat(kept.sent().bytes()).isEqualTo(bytes(text).length());
        }
    }

    @Test
    void aLongStreamIsCut() throws Exception {
        CollectedContents call = begin(Api.CHAT, "{}", "application/json");
        call.streamBegan("text/event-stream");
        for (int i = 0; i < 1_000; i++) {
            call.receive(bytes(event("word ")));
        }
        call.ended(call(false));

        CallContents.Part kept = next().content().received();
        assertThat(kept.cut()).isTrue();
        assertThat(kept.bytes()).isEqualTo(1_000L * event("word ").length());
        assertThat(kept.text()).startsWith("word word ").hasSizeLessThanOrEqualTo(MOST);
    }

    @Test
    void whatIsNoTextIsNotKept() throws Exception {
        CollectedContents call = begin(Api.SPEECH, "--form", "multipart/form-data; boundary=form");
        call.answered("audio/mpeg", bytes("\0\1\2"));
        call.ended(call(false));
        CollectedContents stream = begin(Api.SPEECH, "{}", "application/json");
        stream.streamBegan("text/event-stream");
        stream.receive(bytes("data: {\"delta\":\"ann@\"}\n\n"));
        stream.ended(call(false));

        assertThat(next().content())
                .extracting(CallContents.Content::sent, CallContents.Content::received)
                .containsExactly(
                        new CallContents.Part("multipart/form-data; boundary=form", "", 6, true),
                        new CallContents.Part("audio/mpeg", "", 3, true));
        assertThat(next().content().received().text()).isEmpty();
    }

    @Test
    void callsThatOptOutOfTheLogAreNotKept() throws Exception {
        CollectedContents call = begin(Api.CHAT, "{\"secret\":1}", "application/json");
        call.answered("application/json", bytes("{}"));
        call.ended(call(true));

        assertThat(log.reserved()).isZero();
        assertThat(added.poll(200, TimeUnit.MILLISECONDS)).isNull();
        assertThat(log.dropped()).isZero();
    }

    @Test
    void memoryIsBoundedAndFreedWhenTheStoreHasWritten() throws Exception {
        int each = MOST + CollectedContents.MARGIN;
        Bytes large = Bytes.of(new byte[each]);
        long calls = ContentsLog.MOST_MEMORY / each;
        for (long i = 0; i < calls; i++) {
            begin(Api.CHAT, "", "application/json").answered("application/json", large);
        }
        assertThat(log.dropped()).isZero();
        long taken = log.reserved();

        CollectedContents more = begin(Api.CHAT, "{}", "application/json");
        more.answered("application/json", large);
        more.ended(call(false));
        assertThat(log.dropped()).isEqualTo(1);
        assertThat(log.reserved()).isEqualTo(taken).isLessThanOrEqualTo(ContentsLog.MOST_MEMORY);

        CollectedContents small = begin(Api.CHAT, "", "application/json");
        small.answered("application/json", bytes("{}"));
        small.ended(call(false));
        Added kept = next();
        assertThat(log.reserved()).isEqualTo(taken + 2);
        kept.released().run();
        assertThat(log.reserved()).isEqualTo(taken);
    }

    @Test
    void whatWasHandedOverIsKeptAtAStop() throws Exception {
        for (int i = 0; i < 20; i++) {
            CollectedContents call = begin(Api.CHAT, "{}", "application/json");
            call.answered("application/json", bytes("{}"));
            call.ended(call(false));
        }
        log.close().get(30, TimeUnit.SECONDS);

        assertThat(added).hasSize(20);
        ContentsLog unused = ContentsLog.none();
        unused.close().get(30, TimeUnit.SECONDS);
        assertThat(unused.begin(Api.CHAT, new byte[0], Optional::empty)).isEmpty();
    }
}
