package dev.understudy.bench;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.translate.DialectStream;
import dev.understudy.protocol.translate.StreamOutput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it takes to put an answer into the caller's dialect; the set-up and the end of a stream are shared by its words. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TranslatedAnswerBenchmark {
    private static final int WORDS = 60;
    private static final int LARGEST_EVENT = 1 << 20;
    private static final RequestContext ASKED =
            new RequestContext("{\"model\":\"m\"}".getBytes(StandardCharsets.UTF_8), true, 1_741_569_952);

    /** From the target's dialect to the caller's. */
    public enum Way {
        ANTHROPIC_TO_CHAT(new AnthropicDialect(), new OpenAiDialect()),
        CHAT_TO_ANTHROPIC(new OpenAiDialect(), new AnthropicDialect()),
        GEMINI_TO_CHAT(new GeminiDialect(), new OpenAiDialect());

        private final Dialect from;
        private final Dialect to;

        Way(Dialect from, Dialect to) {
            this.from = from;
            this.to = to;
        }

        /** The events of a stream. */
        private List<String> stream() {
            List<String> events = new ArrayList<>();
            switch (this) {
                case ANTHROPIC_TO_CHAT -> {
                    events.add(named("message_start", "\"message\":{\"id\":\"msg_01VdEjxAP5ahtHKrrRdNBteQ\",\"type\":"
                            + "\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5-20250929\",\"content\":[],"
                            + "\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":12,\"output_tokens\":1}}"));
                    events.add(named("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
                    for (int i = 0; i < WORDS; i++) {
                        events.add(named("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":"
                                + "\" word" + i + "\"}"));
                    }
                    events.add(named("content_block_stop", "\"index\":0"));
                    events.add(named("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                            + "\"usage\":{\"output_tokens\":60}"));
                    events.add("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
                }
                case CHAT_TO_ANTHROPIC -> {
                    events.add(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
                    for (int i = 0; i < WORDS; i++) {
                        events.add(chunk("{\"content\":\" word" + i + "\"}", "null"));
                    }
                    events.add(chunk("{}", "\"stop\""));
                    events.add("data: [DONE]\n\n");
                }
                case GEMINI_TO_CHAT -> {
                    for (int i = 0; i < WORDS; i++) {
                        String end = i + 1 < WORDS ? "" : ",\"finishReason\":\"STOP\"";
                        events.add("data: " + candidate(" word" + i, end) + "\n\n");
                    }
                }
            }
            return events;
        }

        private static String named(String type, String members) {
            return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
        }

        private static String chunk(String delta, String finishReason) {
            return "data: {\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"object\":\"chat.completion.chunk\","
                    + "\"created\":1741569952,\"model\":\"gpt-5.1-2025-11-13\",\"choices\":[{\"index\":0,\"delta\":" + delta
                    + ",\"logprobs\":null,\"finish_reason\":" + finishReason + "}]}\n\n";
        }

        private static String candidate(String text, String end) {
            return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + text + "\"}],\"role\":\"model\"},\"index\":0"
                    + end + "}],\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":60,\"totalTokenCount\":69},"
                    + "\"modelVersion\":\"gemini-2.5-flash\",\"responseId\":\"Un6LacrVMcjUxs0PmJfWoQc\"}";
        }

        private String whole() {
            String text = " word and another one".repeat(35);
            return switch (this) {
                case ANTHROPIC_TO_CHAT -> "{\"id\":\"msg_01VdEjxAP5ahtHKrrRdNBteQ\",\"type\":\"message\",\"role\":\"assistant\","
                        + "\"model\":\"claude-sonnet-4-5-20250929\",\"content\":[{\"type\":\"text\",\"text\":\"" + text
                        + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":12,"
                        + "\"output_tokens\":60}}";
                case CHAT_TO_ANTHROPIC -> "{\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"object\":\"chat.completion\","
                        + "\"created\":1741569952,\"model\":\"gpt-5.1-2025-11-13\",\"choices\":[{\"index\":0,\"message\":{"
                        + "\"role\":\"assistant\",\"content\":\"" + text + "\",\"refusal\":null},\"logprobs\":null,"
                        + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":60,"
                        + "\"total_tokens\":72}}";
                case GEMINI_TO_CHAT -> candidate(text, ",\"finishReason\":\"STOP\"");
            };
        }
    }

    @Param
    public Way way = Way.ANTHROPIC_TO_CHAT;

    private List<byte[]> wire = List.of();
    private byte[] body = {};

    @Setup
    public void write() {
        wire = way.stream().stream()
                .map(event -> event.getBytes(StandardCharsets.UTF_8))
                .toList();
        body = way.whole().getBytes(StandardCharsets.UTF_8);
    }

    /** Counts the bytes that the caller gets. */
    private static final class Counting implements AnswerListener {
        private int bytes;
        private boolean finished;

        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            bytes += length;
            finished |= event == EventKind.FINISH;
        }

        @Override
        public void failed(Failure failure, byte[] array, int offset, int length) {
            throw new IllegalStateException("a good stream failed: " + failure);
        }
    }

    @Benchmark
    @OperationsPerInvocation(WORDS)
    public int translateEvent() {
        Counting counting = new Counting();
        DialectStream stream = new DialectStream(
                way.from,
                AnswerRules.DEFAULT,
                StreamOutput.written(way.to, way.to.streamWriter(ASKED, Optional.empty()), "m"),
                new StreamOptions(true, false),
                LARGEST_EVENT,
                counting);
        for (byte[] event : wire) {
            stream.feed(event, 0, event.length);
        }
        stream.end();
        if (!counting.finished) {
            throw new IllegalStateException("the stream did not finish");
        }
        return counting.bytes + stream.ending().length;
    }

    @Benchmark
    public byte[] translateAnswer() throws InvalidAnswer {
        return way.to.writeAnswer(way.from.readAnswer(body, 0, body.length), ASKED);
    }
}
