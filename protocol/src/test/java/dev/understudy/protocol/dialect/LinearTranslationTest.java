package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.translate.CallerRequest;
import dev.understudy.protocol.translate.RequestTranslator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Conversations of very many small messages are translated in a time that grows with their number and not with its square: with
 * 60,000 messages, a square of steps takes a minute and more where the number takes a second.
 */
class LinearTranslationTest {
    private static final int MANY = 60_000;

    private record Conversation(FuzzSeeds from, String name, String body) {
        @Override
        public String toString() {
            return from.dialect().name() + ": " + name;
        }
    }

    static Stream<Conversation> conversations() {
        List<Conversation> all = new ArrayList<>();
        chat(all, "messages of one role", "", "{\"role\":\"user\",\"content\":\"x\"}", "");
        chat(all, "instructions in the middle", "{\"role\":\"user\",\"content\":\"x\"},", "{\"role\":\"system\",\"content\":\"x\"}", "");
        chat(all, "messages of the assistant", "", "{\"role\":\"assistant\",\"content\":\"x\"}", "");
        chat(all, "roles in turn", "", "{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\"y\"}", "");
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
            List<Conversation> all, String name, String before, String each, String between, String second, String after) {
        String body = "{\"model\":\"m\",\"messages\":[" + before + repeated(each) + between + repeated(second) + after + "]}";
        all.add(new Conversation(FuzzSeeds.CHAT, name, body));
    }

    private static void add(
            List<Conversation> all, FuzzSeeds from, String name, String before, String each, String after) {
        all.add(new Conversation(from, name, before + repeated(each) + after));
    }

    private static String repeated(String each) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < MANY; i++) {
            text.append(i == 0 ? "" : ",").append(each.contains("%1$d") ? each.replace("%1$d", "" + i) : each);
        }
        return text.toString();
    }

    @ParameterizedTest
    @Timeout(60)
    @MethodSource("conversations")
    void toEveryDialect(Conversation conversation) throws Exception {
        byte[] body = conversation.body().getBytes(UTF_8);
        Dialect from = conversation.from().dialect();
        CallerRequest request = from.name().equals("gemini") || from.name().equals("bedrock")
                ? CallerRequest.read(from, body, "m", false)
                : CallerRequest.read(from, body);
        for (FuzzSeeds to : FuzzSeeds.ALL) {
            for (String model : to.models()) {
                long began = System.nanoTime();
                WrittenRequest written;
                try {
                    written = new RequestTranslator(request)
                            .to(
                                    to.dialect(),
                                    model,
                                    ModelCapabilities.UNKNOWN.withTraits(ModelTable.traitsOf(model)),
                                    List.of());
                } catch (UntranslatableRequest refused) {
                    continue;
                }
                assertThat(written.body()).isNotEmpty();
                if (Boolean.getBoolean("times")) {
                    System.out.println(
                            conversation + " -> " + model + " " + (System.nanoTime() - began) / 1_000_000 + " ms");
                }
            }
        }
    }
}
