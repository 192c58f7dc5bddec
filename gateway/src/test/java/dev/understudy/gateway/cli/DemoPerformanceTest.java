package dev.understudy.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a newcomer sees first. */
@Timeout(60)
class DemoPerformanceTest {

    @Test
    void everyCallEndsAsAnnouncedAndIsReportedTruthfully() throws Exception {
        StringWriter shown = new StringWriter();
        boolean asAnnounced;
        try (GatewayFixture gateway =
                GatewayFixture.startWith("server: {port: 0, drain: 0s}\nproviders: {rehearsal: {}}")) {
            asAnnounced = DemoPerformance.callAll("http://127.0.0.1:" + gateway.port(), new PrintWriter(shown));
        }

        assertThat(asAnnounced).as("%s", shown).isTrue();
        List<String> lines = shown.toString().lines().toList();
        assertThat(lines).hasSize(4 * DemoCalls.ALL.size());
        assertThat(callNamed("A stream that breaks in the middle", lines))
                .matches(".* 200  rehearsal/ok continued +\\d+ ms\n"
                        + " +rehearsal/cut\\?at=12: broke off \\(\\d+ ms\\), then"
                        + " rehearsal/ok: continued the answer \\(\\d+ ms\\)");
        assertThat(callNamed("A stream that breaks inside a tool call", lines))
                .matches(".* 200  rehearsal/ok answered +\\d+ ms\n"
                        + " +rehearsal/tool-call\\?cut=true: broke off \\(\\d+ ms\\),"
                        + "( then rehearsal/tool-call\\?cut=true: broke off \\(\\d+ ms\\),)?"
                        + " then rehearsal/ok: answered \\(\\d+ ms\\)");
        assertThat(callNamed("The primary is down", lines))
                .contains("200  rehearsal/ok answered")
                .contains("rehearsal/down: server error")
                .contains("then rehearsal/ok: answered (");
    }

    private static String callNamed(String description, List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("  " + description)) {
                return lines.get(i) + "\n" + lines.get(i + 1);
            }
        }
        throw new AssertionError("no " + description + " in " + lines);
    }
}
