package dev.understudy.gateway.faults;

import dev.understudy.testing.faults.BrokenReplies;
import dev.understudy.testing.faults.Fault;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream that begins with a 200 and fails before its first content: the caller must not notice. */
@Timeout(120)
class StreamFailsUnseenTest {
    static List<Fault> faults() {
        return BrokenReplies.unseenStreams();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void callerReadsOneWholeStreamAllTheSame(Fault fault) {
        FaultRun.play(fault);
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
