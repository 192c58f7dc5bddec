package dev.understudy.bench;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.translate.DialectStream;
import dev.understudy.protocol.translate.StreamOutput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it takes to read one event of a streamed answer; the set-up for a stream of 63 events is shared among them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StreamBenchmark {
    private static final Dialect CHAT = new OpenAiDialect();
    private static final int EVENTS = 63;
    private static final int LARGEST_EVENT = 1 << 20;

    private static final List<byte[]> WIRE = Stream.concat(
                    Stream.concat(
                            Stream.of(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null")),
                            IntStream.range(0, EVENTS - 3)
                                    .mapToObj(i -> chunk("{\"content\":\" word" + i + "\"}", "null"))),
                    Stream.of(chunk("{}", "\"stop\""), "data: [DONE]\n\n"))
            .map(event -> event.getBytes(StandardCharsets.UTF_8))
            .toList();

    /** Whether the text is kept, so that another target can go on from it; so it is unless recovery is off. */
    @Param({"false", "true"})
    public boolean keepsText;

    private static String chunk(String delta, String finishReason) {
        return "data: {\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"object\":\"chat.completion.chunk\","
                + "\"created\":1741569952,\"model\":\"gpt-5.1-2025-11-13\",\"service_tier\":\"default\","
                + "\"system_fingerprint\":\"fp_44709d6fcb\",\"choices\":[{\"index\":0,\"delta\":" + delta
                + ",\"logprobs\":null,\"finish_reason\":" + finishReason + "}]}\n\n";
    }

    /** Counts the events of a stream. */
    private static final class Counting implements AnswerListener {
        private int pieces;
        private boolean finished;

        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            pieces++;
            finished |= event == EventKind.FINISH;
        }

        @Override
        public void failed(Failure failure, byte[] array, int offset, int length) {
            throw new IllegalStateException("a good stream failed: " + failure);
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int readEvent() {
        Counting counting = new Counting();
        AnswerStream stream = new DialectStream(
                CHAT,
                AnswerRules.DEFAULT,
                StreamOutput.verbatim(CHAT),
                new StreamOptions(keepsText, false),
                LARGEST_EVENT,
                counting);
        for (byte[] event : WIRE) {
            stream.feed(event, 0, event.length);
        }
        stream.end();
        if (counting.pieces != EVENTS || !counting.finished) {
            throw new IllegalStateException(counting.pieces + " events were counted, not " + EVENTS);
        }
        return counting.pieces;
    }
}
