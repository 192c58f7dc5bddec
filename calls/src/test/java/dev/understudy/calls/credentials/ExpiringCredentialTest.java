package dev.understudy.calls.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.credentials.aws.AwsCredentials;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ExpiringCredentialTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<CompletableFuture<AwsCredentials>> fetches = new ArrayList<>();
    private Instant now = START;
    private final ExpiringCredential<AwsCredentials> cached = new ExpiringCredential<>(
            at -> {
                CompletableFuture<AwsCredentials> fetch = new CompletableFuture<>();
                fetches.add(fetch);
                return fetch;
            },
            AwsCredentials::expiry);

    private CompletableFuture<AwsCredentials> current() {
        return cached.at(now);
    }

    private static AwsCredentials until(String name, long seconds) {
        return new AwsCredentials(name, "s", "t", Optional.of(START.plusSeconds(seconds)));
    }

    @Test
    void oneFetchServesAllWhoAskMeanwhileAndAfterwards() {
        CompletableFuture<AwsCredentials> one = current();
        CompletableFuture<AwsCredentials> other = current();
        assertThat(fetches).hasSize(1);
        fetches.getFirst().complete(until("A", 3600));
        assertThat(one.join().accessKey()).isEqualTo("A");
        assertThat(other.join().accessKey()).isEqualTo("A");
        assertThat(current().join().accessKey()).isEqualTo("A");
        assertThat(fetches).hasSize(1);
    }

    @Test
    void nextKeyIsFetchedBeforeTheLastExpiresAndNoCallWaits() {
        current();
        fetches.getFirst().complete(until("A", 3600));
        now = START.plusSeconds(3400);
        assertThat(current().join().accessKey()).isEqualTo("A");
        assertThat(current().join().accessKey()).isEqualTo("A");
        assertThat(fetches).hasSize(2);
        fetches.get(1).complete(until("B", 7200));
        assertThat(current().join().accessKey()).isEqualTo("B");
    }

    @Test
    void expiredKeyIsNotGivenOut() {
        current();
        fetches.getFirst().complete(until("A", 3600));
        now = START.plusSeconds(3590);
        CompletableFuture<AwsCredentials> next = current();
        assertThat(next.isDone()).isFalse();
        fetches.get(1).complete(until("B", 7200));
        assertThat(next.join().accessKey()).isEqualTo("B");
    }

    @Test
    void failureIsReportedAndTriedAgain() {
        CompletableFuture<AwsCredentials> one = current();
        fetches.getFirst().completeExceptionally(new IOException("nothing there"));
        assertThat(one.exceptionNow()).isInstanceOf(IOException.class).hasMessage("nothing there");
        current();
        assertThat(fetches).hasSize(2);
    }

    @Test
    void failureLeavesAKeyThatIsStillGood() {
        current();
        fetches.getFirst().complete(until("A", 3600));
        now = START.plusSeconds(3400);
        current();
        fetches.get(1).completeExceptionally(new IOException("down"));
        assertThat(current().join().accessKey()).isEqualTo("A");
    }

    @Test
    void aFailedFetchIsNotRepeatedAtOnceWhileTheOldKeyIsGood() {
        current();
        fetches.getFirst().complete(until("A", 3600));
        now = START.plusSeconds(3400);
        current();
        fetches.get(1).completeExceptionally(new IOException("down"));
        now = START.plusSeconds(3409);
        current();
        assertThat(fetches).hasSize(2);
        now = START.plusSeconds(3410);
        assertThat(current().join().accessKey()).isEqualTo("A");
        assertThat(fetches).hasSize(3);
    }

    @Test
    void aCallerWhoLeavesEndsTheFetchForNoOtherCaller() {
        CompletableFuture<AwsCredentials> one = current();
        CompletableFuture<AwsCredentials> other = current();
        one.cancel(true);
        fetches.getFirst().complete(until("A", 3600));
        assertThat(other.join().accessKey()).isEqualTo("A");
    }

    @Test
    void lastingKeyIsFetchedOnce() {
        current();
        fetches.getFirst().complete(AwsCredentials.lasting("A", "s", ""));
        now = START.plusSeconds(1_000_000_000);
        assertThat(current().join().accessKey()).isEqualTo("A");
        assertThat(fetches).hasSize(1);
    }
}
