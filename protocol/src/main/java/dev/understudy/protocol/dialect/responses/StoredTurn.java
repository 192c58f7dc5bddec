package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Splice;
import dev.understudy.protocol.json.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * One turn of a conversation that a later request continues by {@code previous_response_id}: the input of the request and the
 * output of its answer, each as the items of a JSON list. Instructions are not part of it: OpenAI does not carry them over.
 *
 * @param previous the id of the answer before it; empty for the first turn
 * @param id of the answer
 * @param items the request's input items and then the answer's output items, separated by commas
 * @see <a href="https://platform.openai.com/docs/guides/conversation-state">OpenAI: conversation state</a>
 */
public record StoredTurn(Optional<String> previous, String id, String items) {
    private static final BodyLimits ANY = new BodyLimits(Integer.MAX_VALUE, ResponsesDialect.MAX_DEPTH);
    private static final String INPUT = "input";
    private static final String PREVIOUS = "previous_response_id";
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);

    /**
     * The turn of a request and its answer.
     *
     * @param request the caller's own request, without the turns before it
     * @param answer a whole response, or the last events of a streamed one
     * @return empty if the request has {@code store: false}, the answer has failed, or one of the two cannot be read
     */
    public static Optional<StoredTurn> of(byte[] request, byte[] answer) {
        Optional<Members> asked = scan(request).filter(StoredTurn::mayBeStored);
        Optional<Members> answered = answer.length > 0 && answer[0] == '{' ? scan(answer) : lastEvent(answer);
        if (asked.isEmpty() || answered.isEmpty()) {
            return Optional.empty();
        }
        String id = text(answered.get(), "id");
        String status = text(answered.get(), "status");
        boolean delivered = status.equals("completed") || status.equals("incomplete");
        return delivered && !id.isEmpty()
                ? Optional.of(new StoredTurn(
                        StoredState.of(asked.get()).previousResponse(),
                        id,
                        joined(items(asked.get(), INPUT), items(answered.get(), "output"))))
                : Optional.empty();
    }

    /** OpenAI stores an answer unless the caller says otherwise. */
    private static boolean mayBeStored(Members request) {
        int store = request.indexOf("store");
        return store < 0 || request.kind(store) != ValueKind.FALSE;
    }

    /**
     * A request with the earlier turns of its conversation, in place of the reference to them.
     *
     * @param earlier the items of the earlier turns, in order
     * @return empty if the request cannot be read
     */
    public static Optional<byte[]> completed(byte[] request, String earlier) {
        return scan(request)
                .map(members -> Splice.without(PREVIOUS::equals, members)
                        .apply(List.of(new Splice.Edit(INPUT, "[" + joined(earlier, items(members, INPUT)) + "]"))));
    }

    private static String joined(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + "," + second;
    }

    /** The items of a list without its brackets; a text is one message of the user. */
    private static String items(Members members, String name) {
        int index = members.indexOf(name);
        if (index < 0) {
            return "";
        }
        String json = members.json(index);
        return switch (members.kind(index)) {
            case ARRAY -> json.substring(1, json.length() - 1).strip();
            case STRING -> "{\"type\":\"message\",\"role\":\"user\",\"content\":" + json + "}";
            default -> "";
        };
    }

    /** The response in the last event of a stream, as the gateway writes it: one line of data. */
    private static Optional<Members> lastEvent(byte[] events) {
        for (int i = events.length - DATA.length; i >= 0; i--) {
            if ((i == 0 || events[i - 1] == '\n') && isAt(events, i)) {
                int end = i;
                while (end < events.length && events[end] != '\n') {
                    end++;
                }
                return scan(slice(events, i + DATA.length, end)).flatMap(StoredTurn::response);
            }
        }
        return Optional.empty();
    }

    private static Optional<Members> response(Members event) {
        int index = event.indexOf("response");
        return index < 0 ? Optional.empty() : scan(slice(event.body(), event.valueStart(index), event.valueEnd(index)));
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        byte[] slice = new byte[to - from];
        System.arraycopy(bytes, from, slice, 0, slice.length);
        return slice;
    }

    private static boolean isAt(byte[] events, int at) {
        for (int i = 0; i < DATA.length; i++) {
            if (events[at + i] != DATA[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(Members members, String name) {
        int index = members.indexOf(name);
        try {
            return index < 0 || members.kind(index) != ValueKind.STRING ? "" : members.string(index);
        } catch (BadRequest unreadable) {
            return "";
        }
    }

    private static Optional<Members> scan(byte[] body) {
        try {
            return Optional.of(Members.scan(body, ANY));
        } catch (BadRequest unreadable) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "StoredTurn[" + JsonOut.quote(id) + ", " + items.length() + " characters]";
    }
}
