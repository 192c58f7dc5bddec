package dev.understudy.gateway.faults;

import dev.understudy.testing.faults.ErrorReplies;
import dev.understudy.testing.faults.Fault;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The provider answers with an error: a status, its own error body, or a page of another system. */
@Timeout(120)
class ServerTroubleTest {

    static List<Fault> faults() {
        return ErrorReplies.serverTrouble();
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
