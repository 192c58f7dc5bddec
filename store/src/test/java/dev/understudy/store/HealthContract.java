package dev.understudy.store;

import static dev.understudy.store.SampleCalls.FALLBACK;
import static dev.understudy.store.SampleCalls.NOON;
import static dev.understudy.store.SampleCalls.PRIMARY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for changes of health on each of the databases. */
abstract class HealthContract extends StoreFixture {
    private static HealthChange health(int minutes, String target, String state) {
        return new HealthChange(NOON.plus(Duration.ofMinutes(minutes)), target, state, "because");
    }

    @Test
    void changesOfHealthAreFoundWithTheLastOneBefore() throws Exception {
        store.health()
                .add(List.of(
                        health(0, PRIMARY, "cooling"), health(1, PRIMARY, "ready"), health(2, FALLBACK, "cooling")));
        store.health().add(List.of(health(5, FALLBACK, "ready"), health(6, PRIMARY, "cooling")));
        store.health().add(List.of());

        assertThat(store.health().since(NOON.plus(Duration.ofMinutes(4))))
                .containsExactly(
                        health(1, PRIMARY, "ready"),
                        health(2, FALLBACK, "cooling"),
                        health(5, FALLBACK, "ready"),
                        health(6, PRIMARY, "cooling"));
        assertThat(store.health().since(NOON)).hasSize(5);
        assertThat(store.health().since(NOON.plus(Duration.ofDays(1)))).hasSize(2);
        assertThatThrownBy(() -> store.health()
                        .add(java.util.Collections.nCopies(HealthHistory.MOST + 1, health(1, PRIMARY, "ready"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void changesOfHealthAreDeletedWithTheCallsOfTheirTime() throws Exception {
        List<HealthChange> many = new ArrayList<>();
        for (int i = 0; i < 2 * CallWriter.SLICE + 10; i++) {
            many.add(health(i % 50, PRIMARY, "cooling"));
        }
        many.add(health(70, PRIMARY, "ready"));
        store.health().add(many);

        store.calls().deleteOlderThan(NOON.plus(Duration.ofMinutes(60)));

        await("what is too old is deleted", () -> store.health().since(NOON).size() == 1);
    }

    @Test
    void changesOfHealthAreRefusedWhileTheDatabaseIsAway() throws Exception {
        store.health().add(List.of(HealthChange.started(NOON)));
        store.close();
        assertThatThrownBy(() -> store.health().add(List.of(HealthChange.started(NOON))))
                .isInstanceOf(StoreUnavailable.class);
    }
}
