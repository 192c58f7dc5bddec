package dev.understudy.calls.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.config.ConversationLimits;
import dev.understudy.protocol.dialect.responses.StoredTurn;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConversationStoreTest {
    private final AtomicLong now = new AtomicLong();

    private ConversationStore store(int entries, int size) {
        return new ConversationStore(new ConversationLimits(entries, size, Duration.ofMinutes(1)), now::get);
    }

    private static StoredTurn turn(String previous, String id, String items) {
        return new StoredTurn(Optional.of(previous).filter(before -> !before.isEmpty()), id, items);
    }

    @Test
    void turnsAreJoinedInTheirOrder() {
        ConversationStore store = store(10, 10_000);
        store.put("", turn("", "a", "1,2"));
        store.put("", turn("a", "b", "3"));
        store.put("", turn("a", "c", "4"));
        assertThat(store.items("", "b")).contains("1,2,3");
        assertThat(store.items("", "c")).contains("1,2,4");
        assertThat(store.items("other", "a")).isEmpty();
    }

    @Test
    void aConversationLastsAsLongAsItIsUsed() {
        ConversationStore store = store(10, 10_000);
        store.put("", turn("", "a", "1"));
        now.addAndGet(Duration.ofSeconds(40).toNanos());
        store.put("", turn("a", "b", "2"));
        assertThat(store.items("", "b")).contains("1,2");
        now.addAndGet(Duration.ofSeconds(40).toNanos());
        assertThat(store.items("", "b")).contains("1,2");
        now.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(store.items("", "b")).isEmpty();
    }

    @Test
    void theLeastRecentlyUsedGoesFirstAndTakesItsConversationAlong() {
        ConversationStore store = store(2, 10_000);
        store.put("", turn("", "a", "1"));
        store.put("", turn("", "x", "9"));
        store.put("", turn("a", "b", "2"));
        assertThat(store.items("", "b")).isEmpty();
        assertThat(store.items("", "x")).contains("9");
    }

    @Test
    void bytesAreBounded() {
        ConversationStore store = store(100, 1_000);
        store.put("", turn("", "a", "1".repeat(500)));
        store.put("", turn("", "b", "2".repeat(500)));
        assertThat(store.items("", "a")).isEmpty();
        assertThat(store.items("", "b")).isPresent();
        store.put("", turn("", "c", "3".repeat(1_000)));
        assertThat(store.items("", "b")).isPresent();
        assertThat(store.items("", "c")).isEmpty();
    }

    @Test
    void anIdThatTwoAnswersHaveContinuesNeither() {
        ConversationStore store = store(10, 10_000);
        store.put("", turn("", "a", "1"));
        store.put("", turn("", "a", "2"));
        store.put("", turn("a", "b", "3"));
        store.put("", turn("c", "c", "4"));
        assertThat(store.items("", "a")).isEmpty();
        assertThat(store.items("", "b")).isEmpty();
        assertThat(store.items("", "c")).isEmpty();
    }

    @Test
    void nothingIsKeptIfThatIsConfigured() {
        ConversationStore store = new ConversationStore(ConversationLimits.OFF);
        store.put("", turn("", "a", "1"));
        assertThat(store.items("", "a")).isEmpty();
        assertThat(store.isOn()).isFalse();
    }
}
