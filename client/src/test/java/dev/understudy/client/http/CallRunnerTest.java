package dev.understudy.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.client.chain.FallbackState;
import dev.understudy.client.loop.CallThreads;
import dev.understudy.protocol.HeaderLookup;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallRunnerTest {

    /** A fault of this process must not leave its caller waiting. */
    @Test
    void aCallThatCannotBeDrivenFails() throws Exception {
        CallRunner runner = new CallRunner(
                new SettingsReader(Environment.of(Map.of("OPENAI_API_KEY", "sk-0123456789"))).ofEnvironment(),
                FallbackState.create(),
                CallRunner.inline(CallThreads.DEFAULT),
                (address, headers) -> {
                    throw new IllegalStateException("a broken transport");
                },
                (provider, address) -> Optional.empty(),
                CallThreads.DEFAULT,
                CallObservers.of(List.of()));
        CompletableFuture<CallResponse> response = runner.begin(
                new InboundRequest(
                        Api.CHAT,
                        Optional.empty(),
                        false,
                        InboundRequest.JSON,
                        InboundRequest.Forwarded.NOTHING,
                        "{\"model\":\"openai/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                                .getBytes(StandardCharsets.UTF_8)),
                HeaderLookup.NONE,
                Optional.empty(),
                CallThreads.DEFAULT);
        assertThat(response.handle((head, cause) -> cause.getMessage()).get(30, TimeUnit.SECONDS))
                .contains("a broken transport");
    }
}
