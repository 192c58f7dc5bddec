package dev.understudy.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.client.Completion;
import dev.understudy.client.CompletionRequest;
import dev.understudy.client.CompletionStream;
import dev.understudy.client.Understudy;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.engine.FailureKind;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an application would test: its client, with providers that fail. */
@ExtendWith(RehearsalExtension.class)
class OwnFailoverTest {
    private final Rehearsal rehearsal;
    private Understudy understudy;

    OwnFailoverTest(Rehearsal rehearsal) {
        this.rehearsal = rehearsal;
    }

    @BeforeEach
    void connect() {
        understudy = Understudy.builder()
                .environment(Map.of())
                .provider("primary", rehearsal.baseUri())
                .provider("backup", rehearsal.baseUri())
                .retries(0)
                .build();
    }

    @AfterEach
    void disconnect() {
        understudy.close();
    }

    private CompletionRequest request(String fault) {
        return CompletionRequest.of("primary/" + fault)
                .user("Hello")
                .fallbacks("backup/" + rehearsal.ok("rescued"))
                .build();
    }

    @Test
    void aPrimaryThatIsDownIsReplaced() {
        Completion answer = understudy.completion(request(rehearsal.down()));
        assertThat(answer.text()).isEqualTo("rescued");
        assertThat(rehearsal.requests(rehearsal.ok("rescued"))).isEqualTo(1);
    }

    @Test
    void aBlankAnswerIsReplaced() {
        assertThat(understudy.completion(request(rehearsal.blank())).text()).isEqualTo("rescued");
    }

    @Test
    void aStreamThatIsCutIsContinued() {
        StringBuilder text = new StringBuilder();
        CompletionRequest request = CompletionRequest.of("primary/" + rehearsal.cutAfter(12))
                .user("Count")
                .fallbacks("backup/" + rehearsal.ok())
                .build();
        try (CompletionStream stream = understudy.stream(request)) {
            stream.forEachRemaining(piece -> text.append(piece.text()));
            assertThat(stream.trail().attempts()).hasSize(2);
        }
        assertThat(text.toString().split(" ")).hasSize(60).startsWith("one", "two", "three");
    }

    @Test
    void withoutAFallbackTheExceptionSaysWhatHappened() {
        CompletionRequest request = CompletionRequest.of("primary/" + rehearsal.throttled(Duration.ofMinutes(2)))
                .user("Hello")
                .build();
        assertThatThrownBy(() -> understudy.completion(request))
                .isInstanceOfSatisfying(
                        FallbackException.class,
                        failed -> assertThat(failed.kind()).isEqualTo(FailureKind.RATE_LIMITED));
    }
}
