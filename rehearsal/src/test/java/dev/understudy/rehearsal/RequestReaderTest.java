package dev.understudy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest {

    private static final String CHUNKED = "POST /a?b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;ext=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
    private static final String PLAIN = "POST /a HTTP/1.1\r\nhost:x\r\nContent-Length: 3\r\n\r\nabc";

    private final RequestReader reader = new RequestReader();

    @Test
    void requestMayArriveByteByByte() {
        String both = CHUNKED + PLAIN;
        int complete = 0;
        for (int i = 0; i < both.length(); i++) {
            reader.feed(Buffer.buffer(both.substring(i, i + 1)));
            if (reader.next() instanceof Reading.Complete whole) {
                complete++;
                assertThat(whole.request().path()).isEqualTo("/a");
                assertThat(whole.request().body()).hasToString(complete == 1 ? "abc0123456789" : "abc");
            }
        }
        assertThat(complete).isEqualTo(2);
        assertThat(reader.buffered()).isZero();
    }

    @Test
    void requestsMayArriveTogether() {
        reader.feed(Buffer.buffer(PLAIN + CHUNKED + PLAIN));
        assertThat(reader.next()).isInstanceOf(Reading.Complete.class);
        assertThat(reader.next()).isInstanceOf(Reading.Complete.class);
        assertThat(reader.next()).isInstanceOf(Reading.Complete.class);
        assertThat(reader.next()).isInstanceOf(Reading.Incomplete.class);
    }

    @Test
    void largestBodyFits() {
        reader.feed(
                Buffer.buffer("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + RequestReader.MAX_BODY + "\r\n\r\n"));
        byte[] piece = new byte[64 * 1024];
        for (int sent = 0; sent < RequestReader.MAX_BODY; sent += piece.length) {
            assertThat(reader.next()).isInstanceOf(Reading.Incomplete.class);
            reader.feed(Buffer.buffer(piece));
        }
        assertThat(reader.next())
                .isInstanceOfSatisfying(
                        Reading.Complete.class,
                        whole -> assertThat(whole.request().body().length()).isEqualTo(RequestReader.MAX_BODY));
    }

    @Test
    void continueIsReportedOnce() {
        reader.feed(Buffer.buffer("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n"));
        assertThat(reader.next()).isInstanceOf(Reading.AwaitsContinue.class);
        assertThat(reader.next()).isInstanceOf(Reading.Incomplete.class);
        reader.feed(Buffer.buffer("x"));
        assertThat(reader.next()).isInstanceOf(Reading.Complete.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | GET /~~Host: x~~~~",
                "505 | GET / HTTP/1.0~~Host: x~~~~",
                "400 | GET x HTTP/1.1~~Host: x~~~~",
                "400 | GET / HTTP/1.1~~~~",
                "400 | GET / HTTP/1.1~~Host: x~~Host: y~~~~",
                "400 | GET / HTTP/1.1~~Host : x~~~~",
                "400 | GET / HTTP/1.1~~Host: x~~ folded~~~~",
                "400 | POST / HTTP/1.1~~Host: x~~Content-Length: 1~~Content-Length: 1~~~~a",
                "400 | POST / HTTP/1.1~~Host: x~~Content-Length: 1~~Transfer-Encoding: chunked~~~~a",
                "400 | POST / HTTP/1.1~~Host: x~~Content-Length: -1~~~~",
                "413 | POST / HTTP/1.1~~Host: x~~Content-Length: 26214401~~~~",
                "501 | POST / HTTP/1.1~~Host: x~~Transfer-Encoding: gzip, chunked~~~~",
                "400 | POST / HTTP/1.1~~Host: x~~Transfer-Encoding: chunked~~~~-1~~",
                "413 | POST / HTTP/1.1~~Host: x~~Transfer-Encoding: chunked~~~~1900001~~",
                "400 | POST / HTTP/1.1~~Host: x~~Transfer-Encoding: chunked~~~~1~~ab~~",
            })
    void ambiguousRequestIsRejected(int status, String request) {
        reader.feed(Buffer.buffer(request.replace("~~", "\r\n")));
        assertThat(reader.next())
                .isInstanceOfSatisfying(
                        Reading.Rejected.class,
                        rejected -> assertThat(rejected.status()).isEqualTo(status));
        reader.feed(Buffer.buffer(PLAIN));
        assertThat(reader.next()).as("nothing after it is believed").isInstanceOf(Reading.Rejected.class);
        assertThat(reader.buffered()).isZero();
    }

    @Test
    void loneLineFeedIsRejected() {
        reader.feed(Buffer.buffer("GET / HTTP/1.1\nHost: x\r\n\r\n"));
        assertThat(reader.next()).isInstanceOf(Reading.Rejected.class);
    }

    @Test
    void headHasALimit() {
        reader.feed(Buffer.buffer("GET / HTTP/1.1\r\nHost: " + "x".repeat(RequestReader.MAX_HEAD)));
        assertThat(reader.next())
                .isInstanceOfSatisfying(
                        Reading.Rejected.class,
                        rejected -> assertThat(rejected.status()).isEqualTo(431));
    }
}
