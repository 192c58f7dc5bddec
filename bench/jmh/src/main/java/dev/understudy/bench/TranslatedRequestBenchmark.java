package dev.understudy.bench;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.model.ModelTable;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it takes to put a request into another dialect: a conversation with a tool that was called once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TranslatedRequestBenchmark {
    private static final Dialect CHAT = new OpenAiDialect();
    private static final Dialect ANTHROPIC = new AnthropicDialect();
    private static final Dialect GEMINI = new GeminiDialect();

    /** Looked up once, as the gateway does for each target. */
    private static final Model CLAUDE = Model.named("claude-sonnet-4-5");

    private static final Model GEMINI_FLASH = Model.named("gemini-2.5-flash");
    private static final Model GPT = Model.named("gpt-4o");

    private static final String WORDS = "Tell me \\\"again\\\" why the 3 curtains are red, who pulls them, and what it"
            + " costs: 1.10 or 2.20?\\nIn one sentence, please.";
    private static final String TURN = "{\"role\":\"user\",\"content\":\"" + WORDS
            + "\"},{\"role\":\"assistant\",\"content\":\"" + WORDS + "\"}";
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}";

    private static final String CHAT_HEAD = "{\"model\":\"m\",\"temperature\":0.70,\"max_tokens\":500,\"tools\":[{\"type\":"
            + "\"function\",\"function\":{\"name\":\"weather\",\"parameters\":" + SCHEMA + "}}],\"messages\":[{\"role\":"
            + "\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Paris?\"},{\"role\":\"assistant\","
            + "\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":"
            + "\"{\\\"city\\\":\\\"Paris\\\"}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"sunny\"},"
            + "{\"role\":\"assistant\",\"content\":\"Sunny.\"}";
    private static final String ANTHROPIC_HEAD = "{\"model\":\"m\",\"temperature\":0.70,\"max_tokens\":500,\"tools\":[{"
            + "\"name\":\"weather\",\"input_schema\":" + SCHEMA + "}],\"system\":\"Be brief.\",\"messages\":[{\"role\":"
            + "\"user\",\"content\":\"Paris?\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"call_1\","
            + "\"name\":\"weather\",\"input\":{\"city\":\"Paris\"}}]},{\"role\":\"user\",\"content\":[{\"type\":"
            + "\"tool_result\",\"tool_use_id\":\"call_1\",\"content\":\"sunny\"}]},{\"role\":\"assistant\",\"content\":"
            + "\"Sunny.\"}";

    private record Model(String name, ModelCapabilities capabilities) {
        static Model named(String name) {
            return new Model(name, ModelTable.of(name));
        }
    }

    /** The size of the request's body in bytes, within the length of two messages. */
    @Param({"2048", "98304"})
    public int bytes;

    private byte[] chat = {};
    private byte[] messages = {};

    @Setup
    public void write() {
        chat = body(CHAT_HEAD);
        messages = body(ANTHROPIC_HEAD);
    }

    private byte[] body(String head) {
        StringBuilder json = new StringBuilder(head);
        while (json.length() < bytes - TURN.length()) {
            json.append(',').append(TURN);
        }
        json.append(",{\"role\":\"user\",\"content\":\"").append(WORDS).append("\"}]}");
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] translated(Dialect from, byte[] body, Dialect to, Model model)
            throws BadRequest, UntranslatableRequest {
        return to.writeRequest(from.readRequest(body, false), model.name(), model.capabilities())
                .body();
    }

    @Benchmark
    public byte[] chatToAnthropic() throws BadRequest, UntranslatableRequest {
        return translated(CHAT, chat, ANTHROPIC, CLAUDE);
    }

    @Benchmark
    public byte[] chatToGemini() throws BadRequest, UntranslatableRequest {
        return translated(CHAT, chat, GEMINI, GEMINI_FLASH);
    }

    @Benchmark
    public byte[] anthropicToChat() throws BadRequest, UntranslatableRequest {
        return translated(ANTHROPIC, messages, CHAT, GPT);
    }
}
