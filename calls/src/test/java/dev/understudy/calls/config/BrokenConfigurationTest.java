package dev.understudy.calls.config;

import static dev.understudy.calls.config.Configurations.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each error of a configuration file, and the exact line that its operator reads. */
@Timeout(30)
class BrokenConfigurationTest {

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("server: { prot: 1 }", "f.yaml:1: server.prot: unknown key; did you mean port?"),
                fault(
                        "zzzzzzzz: 1",
                        "f.yaml:1: zzzzzzzz: unknown key; the keys here are server, providers, groups, models,"
                                + " fallbacks, defaults, prices, store, tracing, replicas"),
                fault("- a", "f.yaml:1: keys are expected here, but this is a list"),
                fault(
                        "server: { conversations: always }",
                        "f.yaml:1: server.conversations: `always` is not known here; write off, or {entries: …, size: …, age: …}"),
                fault("server: 4400", "f.yaml:1: server: keys are expected here, but this is a single value"),
                fault(
                        "fallbacks: openai/a",
                        "f.yaml:1: fallbacks: a list is expected here, such as [a, b], but this"
                                + " is a single value"),
                fault(
                        "server: { port: [1] }",
                        "f.yaml:1: server.port: a whole number is expected here, but this is a" + " list"),
                fault("server:\n  port: many", "f.yaml:2: server.port: `many` is not a whole number"),
                fault(
                        "server: { port: 70000 }",
                        "f.yaml:1: server.port: `70000` is out of range; it must be from 0 to" + " 65535"),
                fault(
                        "server: { port: }",
                        "f.yaml:1: server.port: no value; write a whole number, or" + " leave the key out"),
                fault(
                        "server: { port: 1 }\nserver: { port: 2 }",
                        "f.yaml:2: server: duplicate key; the first is in" + " line 1"),
                fault(
                        "server: { host: \"http://x\" }",
                        "f.yaml:1: server.host: `http://x` is not an address; write a host"
                                + " name or an IP address, such as 127.0.0.1"),
                fault(
                        "server: { max-body: lots }",
                        "f.yaml:1: server.max-body: `lots` is not a size; write a number"
                                + " with KB, MB or GB, such as 25MB"),
                fault(
                        "server: { max-body: 9GB }",
                        "f.yaml:1: server.max-body: `9GB` is out of range; it must be from" + " 1B to 1GB"),
                fault(
                        "server: { keys: [{ name: x }] }",
                        "f.yaml:1: server.keys[0]: has no key; write {name: …, key:" + " …}"),
                fault(
                        "defaults: { timeouts: { connect: 0s } }",
                        "f.yaml:1: defaults.timeouts.connect: `0s` is too" + " short; it must be at least 1ms"),
                fault(
                        "defaults: { retry: { budget: 10 } }",
                        "f.yaml:1: defaults.retry.budget: `10` is not a"
                                + " percentage; write a number with %, such as 10%"),
                fault(
                        "defaults: { retry: { budget: 110% } }",
                        "f.yaml:1: defaults.retry.budget: `110%` is more than" + " 100%"),
                fault(
                        "defaults: { cooldown: { after: 0 } }",
                        "f.yaml:1: defaults.cooldown.after: `0` is out of range;" + " it must be from 1 to 1000"),
                fault(
                        "defaults: { cooldown: { base: 90s } }",
                        "f.yaml:1: defaults.cooldown.base: base (90s) is longer"
                                + " than cap (60s); raise cap or lower base"),
                fault(
                        "defaults:\n  cooldown: { quick-cap: 90s }",
                        "f.yaml:2: defaults.cooldown.quick-cap: quick-cap (90s) is longer than cap (60s); raise cap or lower"
                                + " quick-cap"),
                fault(
                        "defaults:\n  cooldown: { base: 10s, quick-cap: 7s }",
                        "f.yaml:2: defaults.cooldown.quick-cap: base (10s) is longer than quick-cap (7s); raise quick-cap"
                                + " or lower base"),
                fault(
                        "defaults:\n  timeouts:\n    when-late: cancle",
                        "f.yaml:3: defaults.timeouts.when-late: `cancle` is none of hedge, cancel; did you mean"
                                + " cancel?"),
                fault(
                        "models:\n  m:\n    targets: [openai/a]\n    timeouts: { when-late: true }",
                        "f.yaml:4: models.m.timeouts.when-late: `true` is none of hedge, cancel"),
                fault(
                        "defaults: { timeouts: { reasonning: 1m } }",
                        "f.yaml:1: defaults.timeouts.reasonning: unknown key; did you mean reasoning?"),
                fault(
                        "defaults:\n  fallback-on: [content-policy,\n    rate-limited]",
                        "f.yaml:3: defaults.fallback-on[1]: `rate-limited` is none of content-policy"),
                fault(
                        "defaults: { fallback-on: content-policy }",
                        "f.yaml:1: defaults.fallback-on: a list is expected here, such as [a, b], but this is a single"
                                + " value"),
                fault(
                        "defaults:\n  stream: { keep-alive: 10 }",
                        "f.yaml:2: defaults.stream.keep-alive: `10` has no unit; write a number with ms, s, m or h, such as"
                                + " 10s, or off for no keep-alive at all"),
                fault(
                        "defaults: { stream: { keep-alive: 1ms } }",
                        "f.yaml:1: defaults.stream.keep-alive: `1ms` is too short; it must be at least 100ms, or off for"
                                + " no keep-alive"),
                fault(
                        "defaults: { stream: { tool-calls: hole } }",
                        "f.yaml:1: defaults.stream.tool-calls: `hole` is none of whole, live; did you mean whole?"),
                fault(
                        "defaults:\n  hedging: { enabled: true }\n  overlap: { enabled: true }",
                        "f.yaml:3: defaults.overlap: overlap is the old name of hedging, which is set too; keep only one"),
                fault(
                        "models: { m: { targets: [{ target: openai/a, reasons: often }] } }",
                        "f.yaml:1: models.m.targets[0].reasons: `often` is neither true nor false"),
                fault(
                        "defaults: { stream: { recovery: continu } }",
                        "f.yaml:1: defaults.stream.recovery: `continu` is"
                                + " none of continue, restart, terminate; did you mean continue?"),
                fault(
                        "defaults: { accept: { empty: maybe } }",
                        "f.yaml:1: defaults.accept.empty: `maybe` is neither" + " true nor false"),
                fault(
                        "providers: { p: {} }",
                        "f.yaml:1: providers.p: has no base-url; write one such as" + " http://127.0.0.1:8000/v1"),
                fault(
                        "providers: { azure: { api-key: abc } }",
                        "f.yaml:1: providers.azure: has no base-url; write one"
                                + " such as https://RESOURCE.openai.azure.com, or set AZURE_OPENAI_ENDPOINT"),
                fault(
                        "providers: { groq: {} }",
                        "f.yaml:1: providers.groq: has no api-key; set GROQ_API_KEY, or write"
                                + " api-key (or auth: none if it needs no key)"),
                fault(
                        "providers: { p: { base-url: \"ftp://x/v1\" } }",
                        "f.yaml:1: providers.p.base-url: `ftp://x/v1`" + " does not begin with https:// or http://"),
                fault(
                        "providers: { p: { base-url: \"http://a b\" } }",
                        "f.yaml:1: providers.p.base-url: `http://a b`"
                                + " is not a URL; write one such as https://api.example.com/v1"),
                fault(
                        "providers: { p: { base-url: \"http:///v1\" } }",
                        "f.yaml:1: providers.p.base-url: `http:///v1`"
                                + " names no host; write a URL such as https://api.example.com/v1"),
                fault(
                        "providers: { p: { base-url: \"http://x/v1?a=b\" } }",
                        "f.yaml:1: providers.p.base-url:"
                                + " the value here has a ? or # part, to which no path can be added; Azure's version belongs"
                                + " in api-version"),
                fault(
                        "providers: { \"a/b\": { base-url: \"http://x\" } }",
                        "f.yaml:1: providers.\"a/b\": a provider's"
                                + " name consists of letters, digits, dots, dashes and underscores"),
                fault(
                        "providers: { p: { dialect: gopher, base-url: \"http://x\" } }",
                        "f.yaml:1: providers.p.dialect:"
                                + " `gopher` is none of openai, openai-responses, azure, anthropic, gemini, bedrock"),
                fault(
                        "providers: { p: { auth: bearer, base-url: \"http://x\" } }",
                        "f.yaml:1: providers.p: sets auth," + " but has no api-key"),
                fault(
                        "providers: { p: { api-version: 1, base-url: \"http://x\" } }",
                        "f.yaml:1:"
                                + " providers.p.api-version: only providers with dialect: azure have an api-version"),
                fault(
                        "providers: { p: { base-url: \"http://x\", headers: { Host: y } } }",
                        "f.yaml:1:" + " providers.p.headers.Host: this header is set by the gateway"),
                fault(
                        "providers: { rehearsal: { base-url: \"http://x\" } }",
                        "f.yaml:1: providers.rehearsal: this"
                                + " provider is built in and has no settings; write rehearsal: {}"),
                fault(
                        "providers: { p: { base-url: \"http://localhost:4400/v1\" } }",
                        "f.yaml:1:"
                                + " providers.p.base-url: this is the gateway's own address (port 4400), so calls would loop;"
                                + " set the provider's address, or another port for the gateway"),
                fault(
                        "providers: {}",
                        "f.yaml: providers: no provider is configured; set a key such as OPENAI_API_KEY or"
                                + " ANTHROPIC_API_KEY, or configure one in a file (to try it without a key:"
                                + " understudy demo)"),
                fault("models: { m: {} }", "f.yaml:1: models.m: has no targets; write targets: [provider/model, …]"),
                fault(
                        "models: { m: { targets: [] } }",
                        "f.yaml:1: models.m.targets: this list is empty; a model needs" + " at least one target"),
                fault(
                        "models: { m: { targets: [gpt-5.1] } }",
                        "f.yaml:1: models.m.targets[0]: `gpt-5.1` is not a target;"
                                + " write provider/model, such as openai/gpt-5.1"),
                fault(
                        "models: { m: { targets:\n  [openai/a,\n  opnai/b] } }",
                        "f.yaml:3: models.m.targets[1]:"
                                + " `opnai/b` names a provider that is not configured; did you mean openai? (configured are openai,"
                                + " anthropic)"),
                fault(
                        "models: { m: { targets: [groq/x] } }",
                        "f.yaml:1: models.m.targets[0]: `groq/x` needs provider"
                                + " groq, which is not configured; add it: providers: { groq: {} }"),
                fault(
                        "models: { m: { targets: [openai/a, openai/a] } }",
                        "f.yaml:1: models.m.targets[1]: openai/a is"
                                + " in this chain already; each target is tried once"),
                fault(
                        "models: { m: { targets: [{ context-window: 8 }] } }",
                        "f.yaml:1: models.m.targets[0]: has no" + " target; write {target: provider/model, …}"),
                fault(
                        "models: { m: { target: [openai/a], targets: [openai/b] } }",
                        "f.yaml:1: models.m.target:" + " unknown key; did you mean targets?"),
                fault(
                        "models: { \"a.b\": { targets: [openai/a], fallbacks: [unknown] } }",
                        "f.yaml:1:"
                                + " models.\"a.b\".fallbacks[0]: `unknown` is not a target; write provider/model, such as"
                                + " openai/gpt-5.1"),
                fault(
                        "models:\n  m:\n    targets: [openai/a]\n    deadline: \"${NOPE}\"",
                        "f.yaml:4: models.m.deadline:"
                                + " the environment variable NOPE is not set; set it (export NOPE=…) or give a default:"
                                + " ${NOPE:-…}"),
                fault(
                        "server: { host: \"${\" }",
                        "f.yaml:1: server.host: ${ without a variable name; write ${NAME}"
                                + " or ${NAME:-default}, or $${ for a plain ${"),
                fault(
                        "server: { host: \"${NOPE:-}\" }",
                        "f.yaml:1: server.host: this is empty; write an address such"
                                + " as 127.0.0.1, or leave the key out"),
                fault("[a]: 1", "f.yaml:1: a key must be a single word, not a list or a group of keys"));
    }

    private static Arguments fault(String yaml, String message) {
        return Arguments.of(yaml, message);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isReportedWithLinePathAndTheNextStep(String yaml, String message) {
        assertThat(problems(yaml)).containsExactly(message);
    }

    @Test
    void aBadDurationNamesTheUnits() {
        assertThat(problems("defaults: { deadline: 30 }"))
                .singleElement()
                .asString()
                .startsWith("f.yaml:1: defaults.deadline: `30`")
                .contains("ms")
                .contains("30s");
    }

    @Test
    void allFaultsAreReportedAtOnceInTheOrderOfTheirLines() {
        assertThat(problems("""
                        models:
                          a: { targets: [nope/x], deadline: soon }
                        server: { port: x }
                        providers:
                          openai: { api-key: "${MISSING}" }
                          openai: { }
                        """))
                .extracting(problem -> problem.replaceFirst("^(f.yaml:\\d+): ([^:]+): .*", "$1 $2"))
                .containsExactly(
                        "f.yaml:2 models.a.deadline",
                        "f.yaml:2 models.a.targets[0]",
                        "f.yaml:3 server.port",
                        "f.yaml:5 providers.openai.api-key",
                        "f.yaml:6 providers.openai");
    }

    @Test
    void aBrokenProviderIsOneFaultAndNotOneMorePerTarget() {
        assertThat(problems("providers: { p: {} }\nmodels: { m: { targets: [p/a, p/b] } }"))
                .hasSize(1);
    }

    @Test
    void aFaultBehindAnAliasIsReportedAtItsAnchor() {
        assertThat(problems("""
                        x-slow: &slow
                          first-token: soon
                        models:
                          a: { targets: [openai/a], timeouts: *slow }
                        """))
                .singleElement()
                .asString()
                .startsWith("f.yaml:2: models.a.timeouts.first-token: `soon` is not a duration");
    }

    @ParameterizedTest
    @MethodSource("syntaxFaults")
    void brokenYamlIsReportedWithItsLine(String yaml, String beginning) {
        assertThat(problems(yaml)).singleElement().asString().startsWith(beginning);
    }

    static Stream<Arguments> syntaxFaults() {
        return Stream.of(
                Arguments.of("a: [1\nb: 2", "f.yaml:2: not valid YAML: while parsing a flow sequence"),
                Arguments.of("server:\n\tport: 1", "f.yaml:2: not valid YAML: while scanning"),
                Arguments.of("a: *nope", "f.yaml:1: not valid YAML: found undefined alias"),
                Arguments.of("a: 1\n---\nb: 2", "f.yaml:2: not valid YAML: expected a single document"),
                Arguments.of("a: \u0001", "f.yaml: not valid YAML"));
    }

    @Test
    void anUnquotedVariableInBracesGetsAHint() {
        assertThat(problems("providers:\n  openai: { api-key: ${OPENAI_API_KEY} }"))
                .singleElement()
                .asString()
                .startsWith("f.yaml:2: not valid YAML")
                .endsWith("(inside { }, write \"${NAME}\" in quotes)");
    }

    @Test
    void aNestingBombIsRefused() {
        assertThat(problems("a: " + "[".repeat(100_000))).containsExactly("f.yaml:1: nested deeper than 30 levels");
    }

    @Test
    void anAliasBombIsRefused() {
        String aliases = "*a, ".repeat(600);
        assertThat(problems("x: &a 1\nb: [" + aliases + "]"))
                .containsExactly("f.yaml:2: more than 500 aliases (*name)");
    }

    @Test
    void aMergeBombIsRefused() {
        StringBuilder bomb = new StringBuilder("x-0: &m0 { a: 1 }\n");
        for (int i = 1; i <= 9; i++) {
            String below = "*m" + (i - 1);
            bomb.append("x-").append(i).append(": &m").append(i).append(" { <<: [");
            bomb.append(String.join(", ", java.util.Collections.nCopies(10, below)))
                    .append("] }\n");
        }
        bomb.append("server: { <<: *m9 }\n");

        assertThat(problems(bomb.toString())).anyMatch(problem -> problem.contains("more than 50 merges (<<)"));
    }

    @Test
    void aMergeOfItselfEnds() {
        assertThat(problems("server: &s { <<: *s }")).singleElement().asString().contains("more than 50 merges (<<)");
    }

    @Test
    void aHugeTextIsRefused() {
        assertThat(problems("#" + "x".repeat(2_000_000))).containsExactly("f.yaml: longer than 2000000 characters");
    }

    @Test
    void aFileThatIsNotThereOrNoTextIsAProblemAndNotACrash(@TempDir Path folder) throws Exception {
        SettingsReader reader = new SettingsReader(Environment.of(Map.of()));
        Path missing = folder.resolve("missing.yaml");
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xC3, 0x28});
        Path fine = Files.writeString(
                folder.resolve("bom.yaml"), "\uFEFFproviders: { rehearsal: {} }", StandardCharsets.UTF_8);

        Assertions.assertThatThrownBy(() -> reader.read(missing))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage(missing + ": no such file; name another with --config");
        Assertions.assertThatThrownBy(() -> reader.read(binary)).hasMessage(binary + ": this file is not UTF-8 text");
        Assertions.assertThatThrownBy(() -> reader.read(folder)).hasMessageStartingWith(folder + ": cannot be read");
        assertThat(reader.read(fine).usesRehearsal()).isTrue();
    }

    @Test
    void anEmptyFileMeansTheEnvironment() throws InvalidSettings {
        assertThat(Configurations.read("# nothing yet\n").providers().keySet())
                .isEqualTo(new java.util.LinkedHashSet<>(List.of("openai", "anthropic")));
    }
}
