package dev.understudy.gateway.faults;

import dev.understudy.testing.faults.ErrorReplies;
import dev.understudy.testing.faults.Fault;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The provider is well and does not want to: limits, money, keys, names, and requests that it calls wrong. */
@Timeout(120)
class RefusalsTest {
    static List<Fault> limits() {
        return ErrorReplies.limits();
    }

    static List<Fault> keysAndNames() {
        return ErrorReplies.keysAndNames();
    }

    static List<Fault> requests() {
        return ErrorReplies.requests();
    }

    @ParameterizedTest
    @MethodSource("limits")
    void limitOfOneTargetIsNotTheCallers(Fault fault) {
        FaultRun.play(fault);
    }

    @ParameterizedTest
    @MethodSource("keysAndNames")
    void gatewaysOwnTroubleIsNotTheCallers(Fault fault) {
        FaultRun.play(fault);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestGoesOnlyWhereItMayBeRight(Fault fault) {
        FaultRun.play(fault);
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
