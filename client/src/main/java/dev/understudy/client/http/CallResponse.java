package dev.understudy.client.http;

import dev.understudy.calls.record.FinishedCall;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The response to a call inside the process, as the gateway would send it: the status and headers, then the body.
 *
 * @param status the HTTP status; 200 as soon as a stream has begun
 * @param headers {@code understudy-trail} and the others of the gateway among them; the names are in lower case
 * @param warnings what the header {@code understudy-warning} says, each in full
 * @param body the answer, or the error, in the dialect of the request
 * @param finished completed when the call has ended, with its trail and what was measured
 */
public record CallResponse(
        int status,
        Map<String, List<String>> headers,
        List<String> warnings,
        ResponseBody body,
        CompletableFuture<FinishedCall> finished) {
    public CallResponse {
        warnings = List.copyOf(warnings);
    }

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status / 100 == 2;
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name))
                .flatMap(values -> values.stream().findFirst());
    }
}
