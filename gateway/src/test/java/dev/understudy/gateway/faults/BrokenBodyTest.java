package dev.understudy.gateway.faults;

import dev.understudy.testing.faults.BrokenReplies;
import dev.understudy.testing.faults.Fault;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A 200 in one piece that is no answer, to callers who want their answer in one piece; or half of one. */
@Timeout(120)
class BrokenBodyTest {
    static List<Fault> faults() {
        return BrokenReplies.bodies();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void halfAnAnswerIsNeverDelivered(Fault fault) {
        FaultRun.play(fault);
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
