package dev.understudy.gateway.faults;

import dev.understudy.testing.faults.BrokenReplies;
import dev.understudy.testing.faults.Fault;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No answer begins: there is no listener, or it closes the connection or uses another protocol. */
@Timeout(120)
class ConnectionFaultsTest {

    static List<Fault> faults() {
        return BrokenReplies.connections();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void nextTargetAnswersAndTheErrorIsClearWithNoTargetLeft(Fault fault) {
        FaultRun.play(fault);
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
