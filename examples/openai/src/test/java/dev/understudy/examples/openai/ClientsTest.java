package dev.understudy.examples.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The calls of such clients are tested in examples/recipes; here they are built from the environment. */
class ClientsTest {
    @Test
    void areBuiltFromTheEnvironment() {
        OpenAIClient first = Clients.withFallback();
        List<OpenAIClient> clients = List.of(first, Clients.withTimeouts(), Clients.withFallbackClient(first));
        assertThat(clients).allSatisfy(client -> assertThat(client.chat()).isNotNull());
        clients.forEach(OpenAIClient::close);
    }
}
