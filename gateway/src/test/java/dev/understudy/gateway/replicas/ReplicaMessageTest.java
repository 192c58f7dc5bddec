package dev.understudy.gateway.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.engine.CircuitId;
import dev.understudy.engine.CircuitNews;
import dev.understudy.engine.Disposition.Scope;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.HedgingBudget;
import dev.understudy.engine.RetryBudget;
import dev.understudy.engine.Target;
import dev.understudy.gateway.quota.SharedLimits;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What replicas write to one another, and what they read of it. */
class ReplicaMessageTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final CircuitId MODEL = new CircuitId(Scope.TARGET, "one#2", "one/m");
    private static final CircuitId SITE = new CircuitId(Scope.PROVIDER, "", "one");
    private static final CircuitId KEY = new CircuitId(Scope.CREDENTIAL, "one", "");
    private static final HedgingBudget.Use HEDGES = new HedgingBudget.Use(7, 2);

    private final Accounts accounts = accounts("https://one.example/v1", "key-1", "key-2");

    private static Accounts accounts(String url, String... keys) {
        try {
            return new Accounts(new SettingsReader(Environment.of(Map.of()))
                    .read("test.yaml", """
                    providers:
                      one: {dialect: openai, base-url: "%s", api-key: [%s]}
                    """.formatted(url, String.join(", ", keys))));
        } catch (InvalidSettings broken) {
            throw new AssertionError(broken.problems().toString(), broken);
        }
    }

    private static CircuitNews opened(CircuitId circuit) {
        return new CircuitNews.Opened(
                circuit, FailureKind.RATE_LIMITED, 9_000 * MILLI, 8_000 * MILLI, true, 2, 40 * MILLI);
    }

    private String text() {
        return new ReplicaMessage(
                        "me",
                        5,
                        List.of(opened(MODEL), opened(SITE), new CircuitNews.Closed(KEY, 3 * MILLI)),
                        List.of(new RetryBudget.Use(new Target("one", "m", "one", "one"), 3, 4)),
                        HEDGES,
                        List.of(new SharedLimits.Left("k:requests", -1.5, 20 * MILLI)))
                .json(accounts);
    }

    @Test
    void isReadAsItWasWritten() {
        ReplicaMessage read = ReplicaMessage.read(text(), accounts).orElseThrow();
        assertThat(read.from()).isEqualTo("me");
        assertThat(read.circuits())
                .containsExactly(opened(MODEL), opened(SITE), new CircuitNews.Closed(KEY, 3 * MILLI));
        assertThat(read.retries()).containsExactly(new RetryBudget.Use(new Target("one", "m", "one", "one"), 3, 4));
        assertThat(read.hedges()).isEqualTo(HEDGES);
        assertThat(read.limits()).containsExactly(new SharedLimits.Left("k:requests", -1.5, 20 * MILLI));
    }

    @Test
    void containsNoKey() {
        assertThat(text()).doesNotContain("key-1", "key-2", "one.example");
    }

    @Test
    void whatConcernsAnotherAccountIsNotRead() {
        ReplicaMessage otherKey = ReplicaMessage.read(text(), accounts("https://one.example/v1", "key-1", "key-3"))
                .orElseThrow();
        assertThat(otherKey.circuits())
                .as("the second key is another")
                .containsExactly(opened(SITE), new CircuitNews.Closed(KEY, 3 * MILLI));
        assertThat(otherKey.retries()).hasSize(1);
        ReplicaMessage otherAddress = ReplicaMessage.read(text(), accounts("https://two.example/v1", "key-1", "key-2"))
                .orElseThrow();
        assertThat(otherAddress.circuits()).isEmpty();
        assertThat(otherAddress.retries()).isEmpty();
        assertThat(otherAddress.hedges()).isEqualTo(HEDGES);
    }

    @Test
    void whatConcernsNoAccountIsNotWritten() {
        CircuitId unknown = new CircuitId(Scope.TARGET, "gone", "gone/m");
        assertThat(ReplicaMessage.ofCircuits("me", List.of(opened(unknown))).json(accounts))
                .doesNotContain("gone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "{}", "{\"from\":1}", "null", "{\"from\":"})
    void otherTextIsNone(String text) {
        assertThat(ReplicaMessage.read(text, accounts)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"from\":\"x\",\"circuits\":5,\"retries\":{\"a\":1},\"hedging\":[],\"limits\":\"x\"}",
                "{\"from\":\"x\",\"circuits\":[{\"scope\":\"planet\"},{\"scope\":\"target\"},7,null]}",
                "{\"from\":\"x\",\"circuits\":[{\"scope\":\"provider\",\"name\":\"one\",\"state\":\"ajar\"}]}",
                "{\"from\":\"x\",\"retries\":[{\"credential\":\"one\",\"failures\":-5}],\"further\":{}}"
            })
    void whatIsNotUnderstoodIsLeftOut(String text) {
        ReplicaMessage read = ReplicaMessage.read(text, accounts).orElseThrow();
        assertThat(read.circuits()).isEmpty();
        assertThat(read.retries()).isEmpty();
        assertThat(read.hedges()).isEqualTo(new HedgingBudget.Use(0, 0));
    }

    @Test
    void aLongMessageIsReadInPart() {
        String one = "{\"bucket\":\"k\",\"left\":1},";
        String text = "{\"from\":\"x\",\"limits\":[" + one.repeat(500) + "{}]}";
        assertThat(ReplicaMessage.read(text, accounts).orElseThrow().limits()).hasSize(ReplicaMessage.MOST_ENTRIES);
    }
}
