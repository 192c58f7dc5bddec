package dev.understudy.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.calls.credentials.CredentialsTransport;
import dev.understudy.calls.credentials.CredentialsTransport.Request;
import dev.understudy.calls.credentials.CredentialsTransport.Response;
import dev.understudy.client.loop.CallThreads;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Credentials are fetched over a real connection; what is made of them is tested where it is made. */
@Timeout(60)
class JdkCredentialsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ScriptedUpstream service = ScriptedUpstream.start();
    private final HttpClient client = JdkTransport.newClient();
    private final CredentialsTransport transport = new JdkCredentials(Optional.of(client), CallThreads.DEFAULT);

    @AfterEach
    void stop() {
        client.close();
        service.close();
    }

    @Test
    void withoutAClientOfTheApplicationEachRequestHasItsOwn() throws Exception {
        service.answerAlways(Reply.json(200, "{}"));
        CredentialsTransport alone = new JdkCredentials(Optional.empty(), CallThreads.DEFAULT);
        assertThat(alone.send(request("GET", "", LONG))
                        .get(30, TimeUnit.SECONDS)
                        .status())
                .isEqualTo(200);
        assertThat(alone.send(request("GET", "", LONG))
                        .get(30, TimeUnit.SECONDS)
                        .status())
                .isEqualTo(200);
        assertThat(service.connectionCount()).isEqualTo(2);
    }

    private Response send(Request request) throws Exception {
        return transport.send(request).get(30, TimeUnit.SECONDS);
    }

    private Request request(String method, String body, Duration timeout) {
        return new Request(
                method,
                URI.create("http://127.0.0.1:" + service.port() + "/keys?a=b"),
                Map.of("X-Proof", "proof"),
                body,
                timeout);
    }

    @Test
    void aRequestIsSentAsItIsAndAnyStatusIsAResponse() throws Exception {
        service.answer(Reply.json(403, "{}"));
        Response response = send(request("PUT", "form", LONG));
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.text()).isEqualTo("{}");
        ReceivedRequest sent = service.take();
        assertThat(sent.head())
                .startsWith("PUT /keys?a=b HTTP/1.1\r\n")
                .containsIgnoringCase("x-proof: proof\r\n")
                .doesNotContainIgnoringCase("upgrade");
        assertThat(sent.body()).isEqualTo("form");
    }

    @Test
    void noRedirectIsFollowed() throws Exception {
        service.answerAlways(Reply.json(302, "", "location: http://127.0.0.1:" + service.port() + "/elsewhere"));
        assertThat(send(request("GET", "", LONG)).status()).isEqualTo(302);
        assertThat(service.requestCount()).isEqualTo(1);
    }

    @Test
    void aBodyOfAnyLengthIsNotRead() throws Exception {
        service.answer(Reply.json(200, "x".repeat(CredentialsTransport.LONGEST_BODY)));
        assertThat(send(request("GET", "", LONG)).text()).hasSize(CredentialsTransport.LONGEST_BODY);
        service.answer(Reply.json(200, "x".repeat(CredentialsTransport.LONGEST_BODY + 1)));
        assertThatThrownBy(() -> send(request("GET", "", LONG)))
                .rootCause()
                .hasMessageContaining("a response of more than 262144 bytes");
    }

    @Test
    void aResponseThatStopsEndsWithTheTimeout() {
        service.answer(Reply.eventStream().chunk("{").hold());
        assertThatThrownBy(() -> send(request("GET", "", Duration.ofMillis(300))))
                .hasRootCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void aServiceThatIsNotThereIsAFailure() {
        service.close();
        assertThatThrownBy(() -> send(request("GET", "", LONG))).rootCause().isInstanceOf(java.io.IOException.class);
    }

    @Test
    void filesAreReadAndMayBeMissing(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("key.json"), "{}");
        assertThat(transport.read(file).get(30, TimeUnit.SECONDS))
                .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("{}"));
        assertThat(transport.read(folder.resolve("none")).get(30, TimeUnit.SECONDS))
                .isEmpty();
        assertThatThrownBy(() -> transport.read(folder).get(30, TimeUnit.SECONDS))
                .isNotNull();
    }
}
