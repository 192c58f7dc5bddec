package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a Responses request refers to that a provider has stored, so that only the provider and key that know it can answer:
 * another one would answer another question.
 *
 * @param previousResponse the response whose conversation is continued
 * @param conversation whether it continues a conversation, or uses a prompt, that is stored
 * @param background whether it starts a job that is polled
 */
public record StoredState(Optional<String> previousResponse, boolean conversation, boolean background) {

    /** A request that refers to nothing. */
    public static final StoredState NONE = new StoredState(Optional.empty(), false, false);

    private static final NameTable ID = NameTable.of("id");
    private static final byte[] ITEM_REFERENCE = "\"item_reference\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FILE_ID = "\"file_id\"".getBytes(StandardCharsets.US_ASCII);

    /** What the members of a request refer to, apart from what is inside {@code input}. */
    public static StoredState of(Members members) {
        Optional<String> previous = Optional.empty();
        int index = members.indexOf("previous_response_id");
        if (index >= 0 && members.kind(index) == ValueKind.STRING) {
            try {
                previous = Optional.of(members.string(index));
            } catch (BadRequest unreadable) {
                // The provider says what is wrong with it.
                previous = Optional.empty();
            }
        }
        boolean conversation = isStated(members, "conversation") || isStated(members, "prompt");
        int background = members.indexOf("background");
        boolean isJob = background >= 0 && members.kind(background) == ValueKind.TRUE;
        return previous.isEmpty() && !conversation && !isJob ? NONE : new StoredState(previous, conversation, isJob);
    }

    private static boolean isStated(Members members, String name) {
        int index = members.indexOf(name);
        return index >= 0 && members.kind(index) != ValueKind.NULL;
    }

    /** Whether the input refers to an item or a file that is stored. Takes a search of the whole input. */
    public static boolean isInInput(Members members) {
        int index = members.indexOf("input");
        if (index < 0 || members.kind(index) != ValueKind.ARRAY) {
            return false;
        }
        byte[] body = members.body();
        int end = members.valueEnd(index);
        for (int i = members.valueStart(index); i < end; i++) {
            // Inside a text these quotes would be escaped, the closing ones too.
            if (body[i] == '"' && (isAt(body, i, end, ITEM_REFERENCE) || isFile(body, i, end))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(byte[] body, int at, int end, byte[] word) {
        if (end - at < word.length) {
            return false;
        }
        for (int i = 1; i < word.length; i++) {
            if (body[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    /** Some clients write a null for the forms of a file that they do not use. */
    private static boolean isFile(byte[] body, int at, int end) {
        if (!isAt(body, at, end, FILE_ID)) {
            return false;
        }
        int i = at + FILE_ID.length;
        while (i < end && (body[i] <= ' ' || body[i] == ':')) {
            i++;
        }
        return i < end && body[i] == '"';
    }

    /** Whether a stored prompt is used, which names the model if the request does not. */
    public static boolean hasPrompt(Members members) {
        return isStated(members, "prompt");
    }

    /** Whether it refers to anything. */
    public boolean isAny() {
        return conversation || background || previousResponse.isPresent();
    }

    /** The id of a whole response; empty if it has none. */
    public static String idOf(byte[] array, int offset, int length) {
        JsonWalk walk = new JsonWalk(ResponsesDialect.MAX_DEPTH);
        StringBuilder id = new StringBuilder();
        try {
            walk.over(array, offset, offset + length);
            walk.object(ID, name -> {
                if (!name.isEmpty()) {
                    id.setLength(0);
                    id.append(walk.text());
                }
            });
        } catch (MalformedJson broken) {
            // A body that was accepted is well-formed.
            return "";
        }
        return id.toString();
    }
}
