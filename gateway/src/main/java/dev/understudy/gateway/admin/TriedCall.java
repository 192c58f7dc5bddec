package dev.understudy.gateway.admin;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.downstream.AnswerForm;
import dev.understudy.calls.downstream.CallerResponse;
import dev.understudy.calls.driver.CallOrigin;
import dev.understudy.calls.driver.ConsumedTokens;
import dev.understudy.calls.record.CallTrace;
import dev.understudy.calls.record.FinishedCall;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The origin of a call that tries a chain out: collects the answer, and reports it with the record of the call. */
final class TriedCall implements CallOrigin, CallerResponse {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data: ";
    /** The rehearsal's texts are shorter, and so are the answers of real calls, whose tokens are limited. */
    private static final int LONGEST_ANSWER = 1_000_000;

    private final byte[] body;
    private final String caller;
    private final Optional<CallTrace> trace;
    private final Consumer<FinishedCall> whenEnded;
    private final Consumer<AdminResponse> done;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    private Runnable onLeft = () -> {};
    private String note = "";
    private boolean answerIsCut;
    private boolean streamBegan;
    private boolean over;
    private long lastWrite = System.nanoTime();

    /**
     * @param caller its name in the record of the call
     * @param trace to which the call belongs; empty if it is not traced
     * @param whenEnded receives the record, once, before the response is made
     * @param done receives the response of the admin API, once
     */
    TriedCall(
            byte[] body,
            String caller,
            Optional<CallTrace> trace,
            Consumer<FinishedCall> whenEnded,
            Consumer<AdminResponse> done) {
        this.body = body;
        this.caller = caller;
        this.trace = trace;
        this.whenEnded = whenEnded;
        this.done = done;
    }

    /** The client that waits for the response has left. */
    void leave() {
        if (!over) {
            onLeft.run();
        }
    }

    /** Ends the call as if its client had left, with a note for the client, which has not. */
    void cancel(String reason) {
        note = reason;
        leave();
    }

    @Override
    public String callerName() {
        return caller;
    }

    @Override
    public Optional<CallTrace> trace() {
        return trace;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public CallerResponse response(AnswerForm form, Runnable left) {
        onLeft = left;
        return this;
    }

    @Override
    public void ended(FinishedCall call, Supplier<Optional<ConsumedTokens>> consumed) {
        over = true;
        whenEnded.accept(call);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", call.request().id());
        json.put("status", call.outcome().status());
        String received = answer.toString(StandardCharsets.UTF_8);
        json.put("text", streamBegan ? streamed(received) : whole(received));
        if (!note.isEmpty()) {
            json.put("note", note);
        }
        json.set("call", CallDocuments.whole(CallLog.record(call, Instant.now())));
        done.accept(AdminResponse.of(json));
    }

    /** The text of a chat completion; of an error its message. */
    private static String whole(String received) {
        JsonNode read = json(received);
        return read.has("error")
                ? read.path("error").path("message").asText()
                : read.path("choices").path(0).path("message").path("content").asText();
    }

    private static String streamed(String received) {
        StringBuilder text = new StringBuilder();
        received.lines()
                .filter(line -> line.startsWith(DATA + "{"))
                .map(line -> json(line.substring(DATA.length())))
                .forEach(event -> text.append(event.path("choices")
                        .path(0)
                        .path("delta")
                        .path("content")
                        .asText("")));
        return text.toString();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException noJson) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    @Override
    public void header(String name, String value) {
        // The record has what the headers would say.
    }

    @Override
    public void answer(int status, String contentType, Bytes bytes) {
        write(bytes);
    }

    @Override
    public boolean streamBegan() {
        return streamBegan;
    }

    @Override
    public void beginStream(String contentType) {
        streamBegan = true;
    }

    @Override
    public void write(Bytes bytes) {
        lastWrite = System.nanoTime();
        // No later bytes may follow those that were left out.
        answerIsCut |= answer.size() + bytes.length() > LONGEST_ANSWER;
        if (!answerIsCut) {
            answer.write(bytes.array(), bytes.offset(), bytes.length());
        }
    }

    @Override
    public void endStream(Bytes last) {
        write(last);
    }

    @Override
    public boolean isFull() {
        return false;
    }

    @Override
    public void onDrained(Runnable action) {
        // It is never full.
    }

    @Override
    public boolean needsKeepAlives() {
        return false;
    }

    @Override
    public void keepAlive(byte[] sign) {
        // None is needed.
    }

    @Override
    public long lastWrite() {
        return lastWrite;
    }
}
