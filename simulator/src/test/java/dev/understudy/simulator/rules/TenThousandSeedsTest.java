package dev.understudy.simulator.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.simulator.run.RuleSearch;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The engine in ten thousand rough worlds, with every fault there is, and in ten thousand in which nothing goes wrong at the
 * primary and hostile callers are among the others: no rule is broken, and no call is harmed. Takes some forty seconds.
 */
class TenThousandSeedsTest {
    private static final int SEEDS = 10_000;

    @Test
    void noRuleIsBroken() {
        AtomicLong calls = new AtomicLong();
        List<String> found = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .mapToObj(seed -> {
                    RuleSearch search = new RuleSearch(Machine.Maker.PRODUCTION);
                    Optional<RuleSearch.Found> broken = search.search(seed);
                    calls.addAndGet(search.calls());
                    return broken;
                })
                .flatMap(Optional::stream)
                .map(RuleSearch.Found::text)
                .limit(3)
                .toList();
        assertThat(found).isEmpty();
        assertThat(calls.get()).as("there were calls to hold them against").isGreaterThan(200_000);
    }
}
