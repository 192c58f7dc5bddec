package dev.understudy.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The training run of the AOT cache serves all its calls, and ends the gateway so that the JVM can write the cache. */
@Timeout(180)
class TrainingRunTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Test
    void allCallsAreServedAndTheGatewayEnds() throws Exception {
        List<String> gateway =
                List.of(JAVA, "-cp", System.getProperty("java.class.path"), "dev.understudy.gateway.cli.Main");
        assertThat(TrainingRun.run(gateway, Duration.ofMillis(500))).isTrue();
    }

    @Test
    void aGatewayThatDoesNotStartIsAnError() {
        assertThatThrownBy(() -> TrainingRun.run(List.of(JAVA, "-version"), Duration.ofMillis(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not become ready");
    }
}
