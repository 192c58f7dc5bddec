package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.translate.CallerRequest;
import dev.understudy.protocol.translate.RequestTranslator;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Conversations of very many small messages are translated in a time and with allocations that grow with their number and not with
 * its square. Allocations do not depend on how busy the machine is; the limit on the processor time is wide.
 */
class LinearTranslationTest {
    private static final int MANY = 20_000;

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** @param bodies with so many messages, and with twice as many */
    private record Conversation(FuzzSeeds from, String name, IntFunction<String> bodies) {
        @Override
        public String toString() {
            return from.dialect().name() + ": " + name;
        }
    }

    static Stream<Conversation> conversations() {
        List<Conversation> all = new ArrayList<>();
        chat(all, "messages of one role", "", "{\"role\":\"user\",\"content\":\"x\"}", "");
        chat(
                all,
                "instructions in the middle",
                "{\"role\":\"user\",\"content\":\"x\"},",
                "{\"role\":\"system\",\"content\":\"x\"}",
                "");
        chat(all, "messages of the assistant", "", "{\"role\":\"assistant\",\"content\":\"x\"}", "");
        chat(
                all,
                "roles in turn",
                "",
                "{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\"y\"}",
                "");
        chat(all, "results without calls", "", "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"x\"}", "");
        chat(
                all,
                "calls of one id",
                "{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"tool_calls\":[",
                "{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}",
                "]}");
        chat(
                all,
                "calls and results",
                "{\"role\":\"user\",\"content\":\"x\"},",
                "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"x\"}",
                "");
        chat(
                all,
                "calls of different ids, then their results",
                "{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"tool_calls\":[",
                "{\"id\":\"c%1$d\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}",
                "]},",
                "{\"role\":\"tool\",\"tool_call_id\":\"c%1$d\",\"content\":\"x\"}",
                "");
        chat(all, "parts", "{\"role\":\"user\",\"content\":[", "{\"type\":\"text\",\"text\":\"x\"}", "]}");
        add(
                all,
                FuzzSeeds.RESPONSES,
                "items of one role",
                "{\"model\":\"m\",\"input\":[",
                "{\"role\":\"user\",\"content\":\"x\"}",
                "]}");
        add(
                all,
                FuzzSeeds.RESPONSES,
                "calls",
                "{\"model\":\"m\",\"input\":[",
                "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}",
                "]}");
        add(
                all,
                FuzzSeeds.RESPONSES,
                "reasoning",
                "{\"model\":\"m\",\"input\":[",
                "{\"type\":\"reasoning\",\"id\":\"r%1$d\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"x\"}]}",
                "]}");
        add(
                all,
                FuzzSeeds.ANTHROPIC,
                "messages of one role",
                "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[",
                "{\"role\":\"user\",\"content\":\"x\"}",
                "]}");
        add(
                all,
                FuzzSeeds.ANTHROPIC,
                "results in one message",
                "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[",
                "{\"type\":\"tool_result\",\"tool_use_id\":\"c%1$d\",\"content\":\"x\"}",
                "]}]}");
        add(
                all,
                FuzzSeeds.ANTHROPIC,
                "tools",
                "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[",
                "{\"name\":\"f%1$d\",\"input_schema\":{\"type\":\"object\"}}",
                "]}");
        add(
                all,
                FuzzSeeds.GEMINI,
                "contents of one role",
                "{\"contents\":[",
                "{\"role\":\"user\",\"parts\":[{\"text\":\"x\"}]}",
                "]}");
        add(
                all,
                FuzzSeeds.GEMINI,
                "calls",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"x\"}]},{\"role\":\"model\",\"parts\":[",
                "{\"functionCall\":{\"name\":\"f\",\"args\":{}}}",
                "]}]}");
        add(
                all,
                FuzzSeeds.BEDROCK,
                "messages of one role",
                "{\"messages\":[",
                "{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}",
                "]}");
        add(
                all,
                FuzzSeeds.BEDROCK,
                "results in one message",
                "{\"messages\":[{\"role\":\"user\",\"content\":[",
                "{\"toolResult\":{\"toolUseId\":\"c\",\"content\":[{\"text\":\"x\"}]}}",
                "]}]}");
        return all.stream();
    }

    private static void chat(List<Conversation> all, String name, String before, String each, String after) {
        add(all, FuzzSeeds.CHAT, name, "{\"model\":\"m\",\"messages\":[" + before, each, after + "]}");
    }

    private static void chat(
            List<Conversation> all,
            String name,
            String before,
            String each,
            String between,
            String second,
            String after) {
        all.add(new Conversation(
                FuzzSeeds.CHAT,
                name,
                many -> "{\"model\":\"m\",\"messages\":[" + before + repeated(each, many) + between
                        + repeated(second, many) + after + "]}"));
    }

    private static void add(
            List<Conversation> all, FuzzSeeds from, String name, String before, String each, String after) {
        all.add(new Conversation(from, name, many -> before + repeated(each, many) + after));
    }

    private static String repeated(String each, int many) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < many; i++) {
            text.append(i == 0 ? "" : ",").append(each.contains("%1$d") ? each.replace("%1$d", "" + i) : each);
        }
        return text.toString();
    }

    private record Cost(long bytes, Duration time) {}

    private static Cost cost(Conversation conversation, int many, FuzzSeeds to) throws Exception {
        byte[] body = conversation.bodies().apply(many).getBytes(UTF_8);
        Dialect from = conversation.from().dialect();
        CallerRequest request = conversation.from() == FuzzSeeds.GEMINI || conversation.from() == FuzzSeeds.BEDROCK
                ? CallerRequest.read(from, body, "m", false)
                : CallerRequest.read(from, body);
        String model = to.models().getFirst();
        ModelCapabilities capabilities = ModelCapabilities.UNKNOWN.withTraits(ModelTable.traitsOf(model));
        long bytes = THREAD.getCurrentThreadAllocatedBytes();
        long time = THREAD.getCurrentThreadCpuTime();
        try {
            new RequestTranslator(request).to(to.dialect(), model, capabilities, List.of());
        } catch (UntranslatableRequest refused) {
            // Refused in time, too.
        }
        return new Cost(
                THREAD.getCurrentThreadAllocatedBytes() - bytes,
                Duration.ofNanos(THREAD.getCurrentThreadCpuTime() - time));
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void toEveryDialect(Conversation conversation) throws Exception {
        for (FuzzSeeds to : FuzzSeeds.ALL) {
            Cost once = cost(conversation, MANY, to);
            Cost twice = cost(conversation, 2 * MANY, to);
            assertThat(twice.bytes()).as(to.dialect().name()).isLessThan(3 * once.bytes());
            assertThat(twice.time()).as(to.dialect().name()).isLessThan(LONGEST);
        }
    }
}
