package dev.understudy.examples.jbang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.junit.Rehearsal;
import dev.understudy.junit.RehearsalExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs the script as a process of its own, by the launcher of Java for sources. */
@ExtendWith(RehearsalExtension.class)
class ScriptTest {
    private static final long LIMIT = 300;

    /** JBang resolves what this line names, which plain Java ignores. */
    @Test
    void itsDependencyIsThisVersion() throws Exception {
        Matcher version = Pattern.compile("<version>([^<]+)</version>").matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(Files.readAllLines(Path.of("ask.java")))
                .contains("//DEPS dev.understudy:understudy-client:" + version.group(1));
    }

    @Test
    void theFallbackAnswers(Rehearsal rehearsal) throws Exception {
        ProcessBuilder script = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "ask.java",
                        "openai/" + rehearsal.error(500),
                        "openai/" + rehearsal.ok("Rayleigh scattering."))
                .redirectErrorStream(true);
        script.environment().put("OPENAI_API_KEY", "any");
        script.environment().put("OPENAI_BASE_URL", rehearsal.baseUrl());
        Process process = script.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(LIMIT, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains("Answer: Rayleigh scattering.").contains("Trail: openai/error");
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
