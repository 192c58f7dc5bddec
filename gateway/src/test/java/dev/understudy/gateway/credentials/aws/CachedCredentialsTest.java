package dev.understudy.gateway.credentials.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CachedCredentialsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Promise<AwsCredentials>> fetches = new ArrayList<>();
    private Instant now = START;
    private final CachedCredentials cached = new CachedCredentials(
            () -> {
                Promise<AwsCredentials> fetch = Promise.promise();
                fetches.add(fetch);
                return fetch.future();
            },
            () -> now);

    private static AwsCredentials until(String name, long seconds) {
        return new AwsCredentials(name, "s", "t", Optional.of(START.plusSeconds(seconds)));
    }

    @Test
    void oneFetchServesAllWhoAskMeanwhileAndAfterwards() {
        Future<AwsCredentials> one = cached.current();
        Future<AwsCredentials> other = cached.current();
        assertThat(fetches).hasSize(1);
        fetches.getFirst().complete(until("A", 3600));
        assertThat(one.result().accessKey()).isEqualTo("A");
        assertThat(other.result().accessKey()).isEqualTo("A");
        assertThat(cached.current().result().accessKey()).isEqualTo("A");
        assertThat(fetches).hasSize(1);
    }

    @Test
    void nextKeyIsFetchedBeforeTheLastExpiresAndNoCallWaits() {
        cached.current();
        fetches.getFirst().complete(until("A", 3600));
        now = START.plusSeconds(3400);
        assertThat(cached.current().result().accessKey()).isEqualTo("A");
        assertThat(cached.current().result().accessKey()).isEqualTo("A");
        assertThat(fetches).hasSize(2);
        fetches.get(1).complete(until("B", 7200));
        assertThat(cached.current().result().accessKey()).isEqualTo("B");
    }

    @Test
    void expiredKeyIsNotGivenOut() {
        cached.current();
        fetches.getFirst().complete(until("A", 3600));
        now = START.plusSeconds(3590);
        Future<AwsCredentials> next = cached.current();
        assertThat(next.isComplete()).isFalse();
        fetches.get(1).complete(until("B", 7200));
        assertThat(next.result().accessKey()).isEqualTo("B");
    }

    @Test
    void failureIsReportedAndTriedAgain() {
        Future<AwsCredentials> one = cached.current();
        fetches.getFirst().fail(new CredentialsUnavailable("nothing there"));
        assertThat(one.cause()).isInstanceOf(CredentialsUnavailable.class).hasMessage("nothing there");
        cached.current();
        assertThat(fetches).hasSize(2);
    }

    @Test
    void failureLeavesAKeyThatIsStillGood() {
        cached.current();
        fetches.getFirst().complete(until("A", 3600));
        now = START.plusSeconds(3400);
        cached.current();
        fetches.get(1).fail(new CredentialsUnavailable("down"));
        assertThat(cached.current().result().accessKey()).isEqualTo("A");
    }

    @Test
    void lastingKeyIsFetchedOnce() {
        cached.current();
        fetches.getFirst().complete(AwsCredentials.lasting("A", "s", ""));
        now = START.plusSeconds(1_000_000_000);
        assertThat(cached.current().result().accessKey()).isEqualTo("A");
        assertThat(fetches).hasSize(1);
    }
}
