package dev.understudy.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsDocument;
import dev.understudy.calls.config.SettingsLayer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as they are typed: what they print, where, and with which exit code. */
@Timeout(60)
class CommandsTest {
    private static final String FILE = """
            server: { port: %d }
            providers: { openai: {}, local: { base-url: "http://127.0.0.1:8000/v1" } }
            models:
              assistant:
                targets: [{ target: openai/gpt-5.1, context-window: 400000 }, local/llama]
                deadline: 30s
            fallbacks: [openai/gpt-5.1-mini]
            """;

    @TempDir
    private Path folder;

    private final List<String> served = new ArrayList<>();

    private record Outcome(int exit, String out, String err) {}

    private Outcome run(String... arguments) {
        return run(
                (settings, source, watch, data, out) -> {
                    served.add(
                            settings.server().host() + ":" + settings.server().port() + " "
                                    + settings.providers().keySet() + " "
                                    + data.map(Path::toString).orElse("-"));
                    out.println("listening");
                    return 0;
                },
                arguments);
    }

    private Outcome run(Serving serving, String... arguments) {
        CommandContext surroundings =
                new CommandContext(Environment.of(Map.of("OPENAI_API_KEY", "sk-test-very-secret")), folder);
        Demo demo = (Settings settings, boolean stays, PrintWriter out) -> {
            served.add("demo " + settings.providers().keySet() + " " + stays);
            return 3;
        };
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(
                        surroundings, new ServeCommand(surroundings, serving), new DemoCommand(surroundings, demo))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int exit = line.execute(arguments);
        return new Outcome(exit, out.toString(), err.toString());
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("f.yaml"), content).toString();
    }

    @Test
    void helpListsEveryCommand() {
        Outcome outcome = run("--help");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).contains("serve", "demo", "check", "explain", "Usage: understudy");
        assertThat(run("check", "--help").out()).contains("--config", "file:line");
        assertThat(run("--version").out()).startsWith("understudy ");
    }

    @Test
    void noCommandOrAWrongOneIsAUsageError() {
        assertThat(run().exit()).isEqualTo(2);
        assertThat(run().err()).contains("Name a command.", "Commands:");
        assertThat(run("chekc").exit()).isEqualTo(2);
        assertThat(run("chekc").err()).contains("check");
        assertThat(run("serve", "--port", "70000").err()).contains("--port: 70000 is not a port");
    }

    @Test
    void checkPrintsEveryChain() throws IOException {
        Outcome outcome = run("check", "--config", file(FILE.formatted(4400)));

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out().lines())
                .anySatisfy(line -> assertThat(line).endsWith("f.yaml."))
                .contains("Listens on 127.0.0.1:4400; callers need no key; operator's pages need no key.")
                .anySatisfy(line -> assertThat(line).matches("openai\\s+openai\\s+https://api.openai.com/v1\\s+bearer"))
                .anySatisfy(
                        line -> assertThat(line)
                                .matches(
                                        "assistant\\s+1\\s+openai/gpt-5.1\\s+30s\\s+3s\\s+10s\\s+10s\\s+20s\\s+60s\\s+hedge\\s+1\\s+400000"))
                .anySatisfy(line -> assertThat(line)
                        .matches("\\s+2\\s+local/llama\\s+3s\\s+10s\\s+10s\\s+20s\\s+60s\\s+hedge\\s+1\\s+-"))
                .anySatisfy(line ->
                        assertThat(line).matches("\\(any other\\)\\s+1\\s+as named\\s+45s \\(3m for reasoning\\)"))
                .anySatisfy(line -> assertThat(line).matches("\\s+2\\s+openai/gpt-5.1-mini\\s+3s.*"));
        assertThat(outcome.out()).doesNotContain("sk-test-very-secret");
    }

    @Test
    void checkReportsEveryProblemOnALineOfItsOwn() throws IOException {
        String file = file("server: { prot: 1 }\nmodels: { m: { targets: [openai/a], deadline: soon } }\n");
        Outcome outcome = run("check", "-c", file);

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).hasSize(2);
        assertThat(outcome.err().lines())
                .anySatisfy(line -> assertThat(line).startsWith(file + ":1: server.prot: unknown key; did you mean"))
                .anySatisfy(line -> assertThat(line).startsWith(file + ":2: models.m.deadline: `soon`"));
    }

    @Test
    void theUsualFileIsFoundAndElseTheEnvironmentIsTaken() throws IOException {
        assertThat(run("check").out()).startsWith("No problem in the environment (there is no understudy.yaml here).");
        Files.writeString(folder.resolve("understudy.yaml"), "server: { port: 4567 }\n");
        assertThat(run("check").out()).contains("understudy.yaml.", "Listens on 127.0.0.1:4567");
        assertThat(run("check", "--config", "no-such.yaml").err())
                .isEqualTo("no-such.yaml: no such file; name another with --config" + System.lineSeparator());
    }

    @Test
    void serveStartsWithTheFileAndTheOptionsOnTop() throws IOException {
        Outcome outcome =
                run("serve", "-c", file(FILE.formatted(1)), "--host", "localhost", "--port", "2", "--data", "d");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).contains("listening");
        assertThat(served).containsExactly("localhost:2 [openai, local] d");
    }

    @Test
    void reloadReadsTheFileAgainAndHasNothingToReadWithoutOne() throws Exception {
        String file = file("providers: {one: {base-url: \"http://127.0.0.1:1/v1\"}}");
        Serving reloads = (settings, source, watch, data, out) -> {
            try {
                Files.writeString(folder.resolve("f.yaml"), "providers: {two: {base-url: \"http://127.0.0.1:1/v1\"}}");
                SettingsDocument document = source.document();
                ConfigurationReload.checkReloadable(document);
                Settings again = source.reader().read(document, SettingsLayer.EMPTY);
                out.println(again.providers().keySet() + " " + again.server().port());
            } catch (InvalidSettings nothing) {
                out.println(nothing.getMessage());
            }
            return 0;
        };
        assertThat(run(reloads, "serve", "--config", file, "--port", "4499").out())
                .contains("[two] 4499");
        assertThat(run(reloads, "serve").out()).contains("there is nothing to reload");
    }

    @Test
    void serveDoesNotStartOpenToStrangers() {
        Outcome outcome = run("serve", "--host", "0.0.0.0");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("command line: --host: refusing to listen on 0.0.0.0 without keys");
        assertThat(served).isEmpty();
    }

    @Test
    void aGatewayThatCannotStartReportsTheReason() {
        Outcome outcome = run(
                (settings, source, watch, data, out) -> {
                    throw new IOException("port 4400 is taken");
                },
                "serve");
        assertThat(outcome.exit()).isEqualTo(70);
        assertThat(outcome.err()).startsWith("understudy serve failed: port 4400 is taken");
    }

    @Test
    void theDemoKnowsOnlyTheRehearsalAndPassesItsExitCodeOn() {
        assertThat(run("demo").exit()).isEqualTo(3);
        run("demo", "--quit");
        assertThat(served).containsExactly("demo [rehearsal] true", "demo [rehearsal] false");
    }

    @Test
    void explainWithoutAGatewayStillShowsTheOrder() throws IOException {
        Outcome outcome = run("explain", "assistant", "-c", file(FILE.formatted(freePort())));

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out())
                .contains("A call of assistant has 30s to start attempts, in this order:")
                .containsPattern("1\\s+openai/gpt-5.1\\s+not known")
                .containsPattern("2\\s+local/llama\\s+not known")
                .contains("no gateway is running at http://127.0.0.1:", "so it is unknown which targets are cooling")
                .contains("CONNECT to REASONING are late marks: beside a target that is later the next one is started")
                .contains("The deadline is set: it also ends attempts that have delivered no content by then.")
                .contains("Keep-alive: 10s; tool calls: whole.")
                .containsPattern(
                        "rate_limited\\s+once, if the provider's hint is 3s or less\\s+yes\\s+the 3rd in a row cools the"
                                + " target for 5s or more; a hint of the provider cools it at once, for up to 5m")
                .containsPattern("overloaded\\s+if no other target is left: with backoff, while time and budget last")
                .containsPattern("auth\\s+no\\s+yes\\s+cools the credential for 5m")
                .containsPattern(
                        "forbidden\\s+no\\s+yes\\s+counts against the target only when it happens to different callers")
                .containsPattern("content_policy\\s+no\\s+if the request names a target for it, or by fallback-on\\s+-")
                .containsPattern("bad_request\\s+no\\s+another model, up to three refusals in a call\\s+-")
                .containsPattern(
                        "connection\\s+once, if it failed quickly\\s+yes\\s+the 3rd in a row cools the provider");
    }

    @Test
    void explainShowsWhatIsSetAndWhatIsNot() throws IOException {
        String file = file("""
                server: { port: %d }
                providers: { openai: {}, local: { base-url: "http://127.0.0.1:8000/v1" } }
                models:
                  strict:
                    targets: [{ target: openai/o3, timeouts: { when-late: cancel } }, local/llama]
                    fallback-on: [content-policy]
                    retry: { attempts: 1 }
                    stream: { keep-alive: off, tool-calls: live }
                    hedging: { enabled: false }
                """.formatted(freePort()));

        assertThat(run("explain", "strict", "-c", file).out())
                .contains("A call of strict has 45s (3m for reasoning) to start attempts, in this order:")
                .containsPattern("1\\s+openai/o3 .*60s\\s+yes\\s+200000")
                .containsPattern("2\\s+local/llama .*60s\\s+on request\\s+-")
                .contains("Hedging is off, so that a late target is waited for.")
                .contains("when-late: cancel makes them limits: openai/o3 is cancelled there")
                .contains("The deadline ends no attempt.")
                .contains("Keep-alive: off; tool calls: live.")
                .containsPattern("overloaded\\s+if no other target is left: once, after a backoff")
                .containsPattern("content_policy\\s+no\\s+yes, by fallback-on");
        assertThat(run("explain", "local/llama", "-c", file).out()).contains("There is no other target");
        assertThat(run("check", "-c", file).out())
                .containsPattern("strict\\s+1\\s+openai/o3\\s+45s \\(3m for reasoning\\) .*60s\\s+cancel");
    }

    @Test
    void explainTakesTheFallbacksOfACall() throws IOException {
        String file = file(FILE.formatted(freePort()));
        assertThat(run("explain", "assistant", "--fallbacks", "gpt-9, local/x", "-c", file)
                        .out())
                .containsPattern("1\\s+openai/gpt-5.1 ")
                .containsPattern("2\\s+openai/gpt-9 ")
                .containsPattern("3\\s+local/x ")
                .doesNotContain("local/llama");
        assertThat(run("explain", "assistant", "--fallbacks", "", "-c", file).out())
                .doesNotContain("local/llama")
                .contains("there is none");
        assertThat(run("explain", "gpt-7", "-c", file).out())
                .containsPattern("1\\s+openai/gpt-7 ")
                .containsPattern("2\\s+openai/gpt-5.1-mini ");
    }

    @Test
    void explainOfAnUnknownNameSuggestsSimilarNames() throws IOException {
        String file = file(FILE.formatted(freePort()));
        Outcome outcome = run("explain", "asistant", "-c", file);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err().strip()).isEqualTo("unknown model `asistant`; did you mean assistant?");
        assertThat(run("explain", "assistant", "--fallbacks", "grok-4", "-c", file)
                        .err()
                        .strip())
                .isEqualTo("model `grok-4` belongs to provider xai, which is not configured");
    }

    @Test
    void explainShowsWhatARunningGatewayKnowsOfCooling() throws IOException {
        Outcome outcome = explainAgainst(200, """
                {"version": {"a": [1]}, "targets": [
                  {"target": "openai/gpt-5.1", "state": "cooling", "since": "2026-01-01T00:00:00Z",
                   "until": "2026-01-01T00:01:00Z", "reason": "rate_limited", "more": {"x": 1}},
                  {"target": "openai/other", "state": "ready", "until": null, "reason": null},
                  {"target": "openai/gpt-5.1", "state": "ready", "callers_key": true}]}""");

        assertThat(outcome.out())
                .containsPattern("1\\s+openai/gpt-5.1\\s+cooling until 2026-01-01T00:01:00Z: rate_limited ")
                .containsPattern("2\\s+local/llama\\s+ready ")
                .contains("health from the gateway at http://127.0.0.1:");
    }

    @Test
    void explainIsNotMisledByAStrangerAtThePort() throws IOException {
        assertThat(explainAgainst(200, "<html>").out()).contains("is not an Understudy gateway");
        assertThat(explainAgainst(200, "[]").out()).contains("is not an Understudy gateway");
        assertThat(explainAgainst(401, "{}").out()).contains("answered 401 to the request for its health");
    }

    private Outcome explainAgainst(int status, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/admin/v1/health", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            return run(
                    "explain",
                    "assistant",
                    "-c",
                    file(FILE.formatted(server.getAddress().getPort())));
        } finally {
            server.stop(0);
        }
    }

    /** A port without a listener. */
    private static int freePort() throws IOException {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void theExampleFileOfTheProjectIsGood() {
        Path example = Optional.of(Path.of("..", "understudy.example.yaml"))
                .filter(Files::exists)
                .orElse(Path.of("understudy.example.yaml"));
        CommandContext surroundings = new CommandContext(
                Environment.of(Map.of(
                        "OPENAI_API_KEY", "a",
                        "ANTHROPIC_API_KEY", "b",
                        "UNDERSTUDY_KEY", "c",
                        "UNDERSTUDY_ADMIN_KEY", "d")),
                folder);
        StringWriter err = new StringWriter();
        int exit = Main.commandLine(surroundings)
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err, true))
                .execute("check", "--config", example.toString());
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
    }
}
