package dev.understudy.bench;

import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.options.OptionsPolicy;
import dev.understudy.protocol.translate.CallerRequest;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.json.BadRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it takes to read what a caller asks and to make of it the body for one target. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestBenchmark {
    private static final Dialect CHAT = new OpenAiDialect();
    private static final String TURN =
            "{\"role\":\"user\",\"content\":\"Tell me \\\"again\\\" why the 3 curtains are red,"
                    + " who pulls them, and what it costs: 1.10 or 2.20?\\nIn one sentence, please.\"}";

    /** The size of the request's body in bytes, within the length of one message. */
    @Param({"2048", "98304"})
    public int bytes;

    private byte[] body = {};

    @Setup
    public void write() {
        StringBuilder json = new StringBuilder("{\"model\":\"assistant\",\"temperature\":0.70,\"stream\":true,"
                + "\"fallback_models\":[\"anthropic/claude-sonnet-4-5\",\"local/llama\"],\"messages\":[");
        while (json.length() < bytes - TURN.length()) {
            json.append(TURN).append(',');
        }
        body = json.append(TURN).append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Scans the body, reads the fallback vocabulary, replaces the model and cuts our own fields out. */
    @Benchmark
    public byte[] readAndSplice() throws BadRequest {
        CallerRequest request = CallerRequest.read(CHAT, body);
        FallbackOptions options = request.options(HeaderLookup.NONE, OptionsPolicy.STRICT);
        if (options.fallbacks().isEmpty()) {
            throw new IllegalStateException("the fallbacks were not read");
        }
        return request.bodyFor("gpt-5.1", List.of());
    }
}
