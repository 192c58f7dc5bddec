package dev.understudy.simulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code understudy simulate}, as it is called. */
class SimulateCommandTest {
    @TempDir
    private Path folder;

    private Path settings;

    @BeforeEach
    void write() throws IOException {
        settings = folder.resolve("s.yaml");
        Files.writeString(settings, """
                duration: 30m
                providers: { a: {}, b: {} }
                chains: { alone: { targets: [a/m] }, "<two>": { targets: [a/m, b/m] } }
                """);
    }

    private record Ran(int exit, String out, String err) {}

    private static Ran run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        return new Ran(line.execute(words), out.toString(), err.toString());
    }

    @Test
    void withoutAnythingItSimulatesTheExample() {
        Ran ran = run("--days", 1);
        assertThat(ran.exit()).isZero();
        assertThat(ran.out())
                .startsWith("Seed 8.")
                .contains("answered in time", "harm", "rescue", "no hedges", "defaults");
    }

    @Test
    void helpListsTheOptions() {
        assertThat(run("--help").out()).contains("--compare", "--seed", "--html", "--trace", "--table", "--rules");
    }

    @Test
    void theSameSeedGivesTheSameTraceByteForByte() throws IOException {
        Path one = folder.resolve("1.txt");
        Path two = folder.resolve("2.txt");
        Path other = folder.resolve("3.txt");
        assertThat(run(settings, "--seed", 4, "--trace", one).out())
                .isEqualTo(run(settings, "--seed", 4, "--trace", two).out());
        run(settings, "--seed", 5, "--trace", other);
        assertThat(one).hasSameBinaryContentAs(two);
        assertThat(Files.mismatch(one, other)).isNotNegative();
        assertThat(Files.readString(one)).contains("alone #1 begin -> start 1 a/m primary;");
    }

    @Test
    void figuresAreWrittenAsJson() throws IOException {
        Path json = folder.resolve("r.json");
        assertThat(run(settings, "--json", json).exit()).isZero();
        int runs = 0;
        try (JsonParser parser = new JsonFactory().createParser(json.toFile())) {
            while (parser.nextToken() != null) {
                if ("truncated_as_success".equals(parser.currentName())) {
                    assertThat(parser.nextLongValue(-1)).isZero();
                    runs++;
                }
            }
        }
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void thePageNeedsNothingElse() throws IOException {
        Path html = folder.resolve("r.html");
        assertThat(run(settings, "--html", html).exit()).isZero();
        assertThat(Files.readString(html))
                .contains("<svg", "<polyline", "&lt;two&gt;")
                .doesNotContain("<script", "http://", "https://", "src=", "<two>");
    }

    @Test
    void severalFilesStandSideBySide() {
        Ran ran = run("--compare", settings, settings, "--seed", 2);
        assertThat(ran.exit()).isZero();
        assertThat(ran.out().lines().filter(line -> line.startsWith("seed 2")).toList())
                .singleElement()
                .asString()
                .matches("seed 2 +alone +<two> +alone +<two>");
    }

    @Test
    void rulesAreHeldAgainstRoughWorlds() {
        Ran ran = run("--rules", 20, "--seed", 100);
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).startsWith("Seeds 100 to 119: ").endsWith("no rule is broken.\n");
    }

    @Test
    void brokenSettingsAreReportedByLine() throws IOException {
        Files.writeString(settings, "providers: {}\nchain: {}\n");
        Ran ran = run(settings);
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains(settings + ":2: chain: unknown key");
    }

    @Test
    void aMissingFileIsReported() {
        Ran ran = run(folder.resolve("none.yaml"));
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("none.yaml: no such file");
    }
}
