package dev.understudy.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.config.Environment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code explain} and {@code check} plan with the planner of real calls, so they show what a call skips and why. */
@Timeout(60)
class ExplainRequestTest {
    private static final String FILE = """
            server: { port: %d }
            providers:
              openai: { api-key: [a, b] }
              local: { base-url: "http://127.0.0.1:8000/v1" }
              claude: { dialect: anthropic, base-url: "http://127.0.0.1:8001", api-key: k }
            groups:
              pool: { members: [openai/gpt-5.1, { target: local/llama, weight: 0 }] }
            models:
              balanced: { targets: [pool, claude/sonnet] }
              assistant:
                targets:
                  - openai/gpt-5.1
                  - { target: local/blind, images: false, tools: false }
                  - claude/sonnet
            """;

    private static final String WITH_IMAGE = """
            {"model": "assistant", "tools": [], "messages": [{"role": "user", "content": [
              {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]}]}""";

    @TempDir
    private Path folder;

    private record Outcome(int exit, String out, String err) {}

    private Outcome run(String... arguments) throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            Files.writeString(folder.resolve("understudy.yaml"), FILE.formatted(free.getLocalPort()));
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(new CommandContext(Environment.of(Map.of()), folder))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int exit = line.execute(arguments);
        return new Outcome(exit, out.toString(), err.toString());
    }

    private Outcome explain(String body, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("explain", "--request", file(body)));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private String file(String body) throws IOException {
        return Files.writeString(folder.resolve("body.json"), body).toString();
    }

    @Test
    void aGroupIsOneStepWithItsMembersAndShares() throws IOException {
        String out = run("explain", "balanced").out();
        assertThat(out)
                .containsPattern("1\\.1\\s+openai/gpt-5.1 ")
                .containsPattern("1\\.1\\s+openai/gpt-5.1 \\(key 2\\) ")
                .containsPattern("1\\.2\\s+local/llama ")
                .containsPattern("2\\s+claude/sonnet ")
                .contains(
                        "Step 1 is the group pool, weighted: calls begin with openai/gpt-5.1 100%, local/llama 0%. The calls of a"
                                + " conversation prefer the same member. A recovered member gets its share back within 60s.");
        assertThat(run("check").out())
                .contains("balanced: Step 1 is the group pool, weighted")
                .containsPattern("1\\.2\\s+local/llama ");
        assertThat(run("explain", "assistant", "--fallbacks", "pool").out()).contains("Step 3 is the group pool");
    }

    @Test
    void furtherKeysAreStepsOfTheChain() throws IOException {
        assertThat(run("explain", "assistant").out())
                .containsPattern("1\\s+openai/gpt-5.1 ")
                .containsPattern("2\\s+openai/gpt-5.1 \\(key 2\\) ")
                .containsPattern("3\\s+local/blind ");
        assertThat(run("check").out()).containsPattern("\\s+2\\s+openai/gpt-5.1 \\(key 2\\) ");
    }

    @Test
    void targetThatLacksACapabilityIsSkipped() throws IOException {
        Outcome outcome = explain(WITH_IMAGE);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out())
                .contains("A call of assistant has ")
                .containsPattern("3\\s+claude/sonnet ")
                .doesNotContainPattern("\\d\\s+local/blind ")
                .containsPattern(
                        "local/blind\\s+lacks_images\\s+The request needs images, which its model does not support\\.")
                .contains("The request is translated for claude/sonnet (messages).");
    }

    @Test
    void optionsOfTheRequestCount() throws IOException {
        Outcome outcome = explain("""
                {"model": "assistant", "messages": [],
                 "understudy": {"deadline": "7s", "fallbacks": ["local/x", "grok-4"]},
                 "provider": {"ignore": ["local"]}}""");
        assertThat(outcome.out())
                .contains("A call of assistant has 7s to start attempts")
                .containsPattern("local/x\\s+excluded\\s+The request excludes it\\.")
                .containsPattern("grok-4\\s+unknown_model\\s+No model has this name\\.")
                .contains("Warning: model `grok-4` belongs to provider xai, which is not configured.")
                .doesNotContain("claude/sonnet");
    }

    @Test
    void requestThatSkipsNothingIsReportedSo() throws IOException {
        Outcome outcome = explain("{\"model\":\"openai/gpt-5.1\",\"messages\":[]}");
        assertThat(outcome.out())
                .contains("The request skips no target.", "The request is passed through to every target.");
    }

    @Test
    void modelArgumentReplacesTheRequestsModel() throws IOException {
        assertThat(explain("{\"model\":\"unknown\",\"messages\":[]}", "local/llama")
                        .out())
                .contains("A call of local/llama has ");
    }

    @Test
    void requestOfAnotherApiIsRead() throws IOException {
        assertThat(explain(
                                "{\"model\":\"assistant\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
                                "--api",
                                "messages")
                        .out())
                .contains("The request is translated for openai/gpt-5.1 (chat), openai/gpt-5.1 (key 2) (chat),");
        Outcome embeddings = explain("{\"model\":\"assistant\",\"input\":\"Hi\"}", "--api", "embeddings");
        assertThat(embeddings.out())
                .contains("claude/sonnet", "lacks_embeddings", "Its provider has no embeddings API.");
        assertThat(explain("{\"contents\":[]}", "--api", "gemini").err())
                .contains("--api gemini: clients name the model in the path; add MODEL.");
        assertThat(explain("{}", "--api", "chatt").err()).contains("there is no API called 'chatt'; known are chat, ");
    }

    @Test
    void standardInputIsRead() throws IOException {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(WITH_IMAGE.getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(run("explain", "--request", "-").out()).contains("lacks_images");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void requestsThatTheGatewayRejectsAreRejectedHereToo() throws IOException {
        Outcome broken = explain("{\"model\": ");
        assertThat(broken.exit()).isEqualTo(1);
        assertThat(broken.out()).isEmpty();
        assertThat(broken.err()).startsWith("the gateway would reject this request with status 400: ");

        Outcome unknown = explain("{\"model\":\"unknown\",\"messages\":[]}");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err()).contains("unknown model `unknown`").containsPattern("unknown\\s+unknown_model");
    }

    @Test
    void wrongUseIsExplained() throws IOException {
        assertThat(run("explain").exit()).isEqualTo(2);
        assertThat(run("explain").err()).contains("Name a MODEL, or a request body with --request FILE.");
        assertThat(run("explain", "--request", "no-such.json").err())
                .contains("--request: there is no file no-such.json");
        assertThat(explain(" ").err()).contains("body.json is empty");
        assertThat(explain(WITH_IMAGE, "--fallbacks", "local/x").err())
                .contains("--fallbacks cannot be combined with --request");
        assertThat(run("explain", "assistant", "--api", "messages").err()).contains("--api describes a request body");
        assertThat(run("explain", "--help").out()).contains("--request=FILE", "--api=API", "body.json");
    }
}
