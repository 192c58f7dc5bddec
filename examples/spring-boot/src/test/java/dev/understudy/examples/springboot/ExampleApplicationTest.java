package dev.understudy.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.rehearsal.RehearsalProvider;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ExampleApplicationTest {
    private Vertx vertx;
    private RehearsalProvider provider;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        provider = RehearsalProvider.start(vertx).await();
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void theSecondModelAnswersWhenTheFirstIsDown() {
        String output = outputOf("ok?text=Rayleigh scattering.");

        assertThat(output)
                .contains("Answer: Rayleigh scattering.")
                .contains("Stream: Rayleigh scattering.")
                .containsPattern("Trail: openAiChatModel:server_error.*openAiChatModel/ok.*:ok");
    }

    private String outputOf(String second) {
        PrintStream console = System.out;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        try (PrintStream capture = new PrintStream(captured, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            ExampleApplication.main(new String[] {
                "--spring.ai.openai.base-url=" + provider.baseUrl(),
                "--spring.ai.openai.api-key=any",
                "--spring.ai.openai.chat.model=error",
                "--understudy.chain[0]=openAiChatModel",
                "--understudy.chain[1]=openAiChatModel/" + second,
            });
        } finally {
            System.setOut(console);
        }
        return captured.toString(StandardCharsets.UTF_8);
    }
}
