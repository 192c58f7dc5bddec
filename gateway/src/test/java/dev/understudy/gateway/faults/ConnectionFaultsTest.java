package dev.understudy.gateway.faults;

import static dev.understudy.engine.FailureKind.CONNECTION;
import static dev.understudy.engine.FailureKind.MALFORMED;
import static dev.understudy.engine.FailureKind.TIMEOUT_CONNECT;
import static dev.understudy.gateway.faults.Moment.BEFORE_CONNECTION;

import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No answer begins: there is no listener, or it closes the connection or uses another protocol. */
@Timeout(120)
class ConnectionFaultsTest {

    static List<Fault> faults() {
        return List.of(
                Fault.of("refuses the connection", CONNECTION, ScriptedUpstream::close)
                        .at(BEFORE_CONNECTION),
                Fault.of(
                                "closes the connection as soon as it is there",
                                CONNECTION,
                                upstream -> upstream.onConnect(Reply.start().close()))
                        .at(BEFORE_CONNECTION),
                Fault.of(
                        "resets the connection instead of answering",
                        CONNECTION,
                        Reply.start().reset()),
                Fault.of(
                        "closes the connection instead of answering",
                        CONNECTION,
                        Reply.start().close()),
                Fault.of(
                        "closes inside the status line",
                        CONNECTION,
                        Reply.start().send("HTTP/1.1 20").close()),
                Fault.of(
                        "closes inside the headers",
                        CONNECTION,
                        Reply.start()
                                .send("HTTP/1.1 200 OK\r\nContent-Type: appl")
                                .close()),
                Fault.of(
                        "speaks something else than HTTP",
                        MALFORMED,
                        Reply.start().send("SSH-2.0-OpenSSH_9.6\r\n")),
                Fault.of(
                                "answers TLS in plain text",
                                CONNECTION,
                                upstream -> upstream.onConnect(Reply.start()
                                        .send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                                        .close()))
                        .withTls()
                        .at(BEFORE_CONNECTION),
                Fault.of(
                                "closes inside the TLS handshake",
                                CONNECTION,
                                upstream -> upstream.onConnect(Reply.start().close()))
                        .withTls()
                        .at(BEFORE_CONNECTION),
                Fault.of(
                                "never answers the TLS handshake",
                                TIMEOUT_CONNECT,
                                Reply.start().hold())
                        .withTls()
                        .endedBy(Limits.CONNECT)
                        .at(BEFORE_CONNECTION));
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
