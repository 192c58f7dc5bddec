package dev.understudy.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.config.ApiKey;
import dev.understudy.calls.config.Credential;
import dev.understudy.calls.config.KeyLimits;
import dev.understudy.calls.config.NamePatterns;
import dev.understudy.gateway.quota.GatewayKeys.Stored;
import dev.understudy.gateway.quota.GatewayKeys.StoredLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys are found by their digests, and limits of wrong admin keys are those of their address. */
@Timeout(60)
class GatewayKeysTest {
    private static final KeyLimits ONE_MODEL = new KeyLimits(
            new NamePatterns(List.of("m")),
            Set.of(),
            OptionalInt.of(5),
            OptionalInt.empty(),
            OptionalInt.empty(),
            KeyLimits.Budget.NONE,
            Optional.empty());

    private static StoredLimits stored(String name, String key) {
        return new StoredLimits(name, GatewayKeys.digestOf(key), ONE_MODEL);
    }

    private static ApiKey configured(String name, String key) {
        return new ApiKey(name, Credential.of(key));
    }

    @Test
    void keysOfBothKindsAreFound() {
        GatewayKeys keys = GatewayKeys.of(List.of(configured("fixed", "a-fixed-key")))
                .withStored(Stored.of(List.of(stored("made", "a-made-key")), true));
        assertThat(keys.areNone()).isFalse();
        assertThat(keys.find("a-fixed-key").orElseThrow().name()).isEqualTo("fixed");
        assertThat(keys.find("a-made-key").orElseThrow().name()).isEqualTo("made");
        for (String wrong : new String[] {"", "a-made-ke", "a-made-keyy", GatewayKeys.digestOf("a-made-key"), "é"}) {
            assertThat(keys.find(wrong)).as(wrong).isEmpty();
        }
        assertThat(keys.find("x".repeat(1_000_000))).isEmpty();
    }

    @Test
    void keyThatIsNotChangedIsTheSameObjectWithItsUse() {
        GatewayKeys before = GatewayKeys.of(List.of(configured("fixed", "a-fixed-key")))
                .withStored(Stored.of(List.of(stored("made", "a-made-key")), true));
        GatewayKeys after = before.changedTo(List.of(configured("fixed", "a-fixed-key"), configured("new", "another")))
                .withStored(Stored.of(List.of(stored("made", "a-made-key"), stored("more", "one-more")), true));
        for (String key : new String[] {"a-fixed-key", "a-made-key"}) {
            assertThat(after.find(key).orElseThrow()).isSameAs(before.find(key).orElseThrow());
        }
        assertThat(after.find("one-more")).isPresent();
        GatewayKeys revoked = after.withStored(Stored.of(List.of(), false));
        assertThat(revoked.find("a-made-key")).isEmpty();
        assertThat(revoked.find("a-fixed-key")).isPresent();
    }

    @Test
    void keysThatAreThereButCannotBeUsedKeepTheGatewayClosed() {
        GatewayKeys none = GatewayKeys.of(List.of());
        assertThat(none.areNone()).isTrue();
        assertThat(none.find("anything")).isPresent();
        GatewayKeys unreadable = none.withStored(Stored.of(List.of(), true));
        assertThat(unreadable.areNone()).isFalse();
        assertThat(unreadable.find("anything")).isEmpty();
        assertThat(unreadable.mayBecomeKnown()).isFalse();
        GatewayKeys unknown = none.withStored(Stored.unknown(true));
        assertThat(unknown.areNone()).isFalse();
        assertThat(unknown.mayBecomeKnown()).isTrue();
        assertThat(none.withStored(Stored.unknown(false)).areNone()).isTrue();
    }

    /** A walk over all keys would take longer than the test may. */
    @Test
    void hundredThousandRefusedKeysAreCheapHoweverManyKeysThereAre() {
        List<StoredLimits> many = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            many.add(stored("key " + i, "sk-understudy-" + i));
        }
        GatewayKeys keys = GatewayKeys.of(List.of()).withStored(Stored.of(many, true));
        for (int i = 0; i < 100_000; i++) {
            assertThat(keys.find("sk-understudy-wrong-" + i).isEmpty()).isTrue();
        }
        assertThat(keys.find("sk-understudy-9999").orElseThrow().name()).isEqualTo("key 9999");
    }

    @Test
    void wrongAdminKeysComeBackOverAMinute() {
        LoginAttempts attempts = new LoginAttempts();
        long now = 1_000;
        assertThat(attempts.secondsToWait("a", now)).isZero();
        for (int i = 0; i < LoginAttempts.PER_MINUTE; i++) {
            assertThat(attempts.secondsToWait("a", now)).isZero();
            attempts.wrong("a", "guess " + i, now);
        }
        assertThat(attempts.secondsToWait("a", now)).isEqualTo(60 / LoginAttempts.PER_MINUTE);
        assertThat(attempts.secondsToWait("b", now)).isZero();
        long later = now + TimeUnit.SECONDS.toNanos(60 / LoginAttempts.PER_MINUTE);
        assertThat(attempts.secondsToWait("a", later)).isZero();
        for (int i = 0; i < 100; i++) {
            attempts.wrong("b", "the same", now);
        }
        assertThat(attempts.secondsToWait("b", now)).isZero();
    }

    @Test
    void floodOfAddressesIsBounded() {
        LoginAttempts attempts = new LoginAttempts();
        for (int i = 0; i < 200_000; i++) {
            attempts.wrong(i, "guess", 1);
        }
        assertThat(attempts.addresses()).isLessThanOrEqualTo(10_000);
    }
}
