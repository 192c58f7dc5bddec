package dev.understudy.protocol.translate;

import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.json.JsonCursor;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.json.ValueKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the number that the requests of one conversation share, in any dialect and without a tree.
 *
 * <p>A session that the client names decides: first a header, then a member of the body. Next comes the user, and last the beginning of
 * the conversation: the system prompt and the messages up to the first one of the user, which each later request repeats. Of these only
 * texts count, because clients move the marks of their prompt caches ({@code cache_control}) from message to message and then
 * write a text as a list of blocks.
 *
 * <p>The number is the same in every process. It is no secret and no proof: two conversations may share one.
 */
final class ConversationNumber {
    private static final List<String> SESSION_HEADERS = List.of(
            "understudy-session",
            "x-session-id",
            "session-id",
            "session_id",
            "x-litellm-session-id",
            "helicone-session-id");

    private static final List<String> SESSION_MEMBERS =
            List.of("prompt_cache_key", "litellm_session_id", "thread_identifier");
    private static final NameTable SESSIONS_OF_METADATA = NameTable.of("session_id", "conversation_id", "thread_id");
    private static final List<String> USER_MEMBERS = List.of("user", "safety_identifier");
    private static final NameTable USERS_OF_METADATA = NameTable.of("user_id");

    private static final List<String> SYSTEM_PROMPTS =
            List.of("system", "instructions", "systemInstruction", "system_instruction");
    private static final List<String> CONVERSATIONS = List.of("messages", "input", "contents", "prompt");

    /** What a client may change in a message that it sends again, and names that are no text. */
    private static final NameTable CHANGING =
            NameTable.of("cache_control", "cachePoint", "prompt_cache_retention", "id", "type", "status", "role");

    private static final NameTable ROLE = NameTable.of("role");
    private static final NameTable USER = NameTable.of("user");

    /** In bytes; of a longer text the first and the last half of this count, and the length. */
    private static final int LONGEST = 2_048;

    private static final int MOST_MESSAGES = 100;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] body;
    private final JsonCursor cursor = new JsonCursor(Integer.MAX_VALUE);
    private long hash;
    private boolean any;

    private ConversationNumber(byte[] body) {
        this.body = body;
    }

    static boolean mayBeIn(String header) {
        for (String name : SESSION_HEADERS) {
            if (name.equalsIgnoreCase(header)) {
                return true;
            }
        }
        return false;
    }

    static OptionalLong of(Members members, HeaderLookup headers) {
        for (String name : SESSION_HEADERS) {
            Optional<String> session = headers.first(name).filter(text -> !text.isBlank());
            if (session.isPresent()) {
                byte[] text = session.get().getBytes(StandardCharsets.UTF_8);
                ConversationNumber number = new ConversationNumber(text);
                number.add(0, text.length);
                return OptionalLong.of(number.hash);
            }
        }
        ConversationNumber number = new ConversationNumber(members.body());
        try {
            boolean found = number.string(members, SESSION_MEMBERS)
                    || number.metadata(members, SESSIONS_OF_METADATA)
                    || number.string(members, USER_MEMBERS)
                    || number.metadata(members, USERS_OF_METADATA)
                    || number.beginning(members);
            return found ? OptionalLong.of(number.hash) : OptionalLong.empty();
        } catch (MalformedJson impossible) {
            // The values were cut out of JSON that had been checked.
            throw new IllegalStateException("a request that was read before cannot be read", impossible);
        }
    }

    private boolean string(Members members, List<String> names) {
        for (String name : names) {
            int index = members.indexOf(name);
            if (index >= 0 && members.kind(index) == ValueKind.STRING) {
                if (add(members.valueStart(index) + 1, members.valueEnd(index) - 1)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean metadata(Members members, NameTable names) throws MalformedJson {
        int index = members.indexOf("metadata");
        if (index < 0 || members.kind(index) != ValueKind.OBJECT) {
            return false;
        }
        cursor.over(body, members.valueStart(index), members.valueEnd(index)).next();
        while (cursor.next() == Token.NAME) {
            boolean wanted = !cursor.string().among(names).isEmpty();
            if (cursor.next() == Token.STRING && wanted && addString()) {
                return true;
            }
            cursor.skipRest();
        }
        return false;
    }

    /** @return whether there is any text */
    private boolean beginning(Members members) throws MalformedJson {
        for (String name : SYSTEM_PROMPTS) {
            int index = members.indexOf(name);
            if (index >= 0) {
                cursor.over(body, members.valueStart(index), members.valueEnd(index))
                        .next();
                texts();
            }
        }
        any = false;
        for (String name : CONVERSATIONS) {
            int index = members.indexOf(name);
            if (index >= 0) {
                cursor.over(body, members.valueStart(index), members.valueEnd(index))
                        .next();
                if (cursor.token() == Token.START_ARRAY) {
                    messages();
                } else {
                    texts();
                }
            }
        }
        return any;
    }

    private void messages() throws MalformedJson {
        for (int i = 0; i < MOST_MESSAGES && cursor.next() != Token.END_ARRAY; i++) {
            if (texts()) {
                return;
            }
        }
    }

    /**
     * Adds the texts of the value here.
     *
     * @return whether it is a message of the user, or one without a role
     */
    private boolean texts() throws MalformedJson {
        if (cursor.token() == Token.STRING) {
            addString();
            return true;
        }
        if (cursor.token() != Token.START_OBJECT && cursor.token() != Token.START_ARRAY) {
            return true;
        }
        boolean ofUser = true;
        int depth = 1;
        while (depth > 0) {
            switch (cursor.next()) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case STRING -> addString();
                case NAME -> {
                    boolean role = depth == 1 && !cursor.string().among(ROLE).isEmpty();
                    if (!cursor.string().among(CHANGING).isEmpty()) {
                        if (cursor.next() == Token.STRING && role) {
                            ofUser = !cursor.string().among(USER).isEmpty();
                        }
                        cursor.skipRest();
                    }
                }
                default -> {}
            }
        }
        return ofUser;
    }

    private boolean addString() {
        return add(cursor.start() + 1, cursor.end() - 1);
    }

    /** @return false if there is nothing to add */
    private boolean add(int from, int to) {
        if (from >= to) {
            return false;
        }
        if (to - from <= LONGEST) {
            mix(from, to);
        } else {
            mix(from, from + LONGEST / 2);
            mix(to - LONGEST / 2, to);
        }
        mix(to - from);
        any = true;
        return true;
    }

    private void mix(int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            mix((long) LONGS.get(body, at));
        }
        long rest = 0;
        for (; at < to; at++) {
            rest = (rest << 8) | (body[at] & 0xff);
        }
        mix(rest);
    }

    /** Multiplies to 128 bits and folds them, as wyhash and rapidhash do. */
    private void mix(long word) {
        long left = hash ^ word ^ 0x9E3779B97F4A7C15L;
        long right = 0xD1B54A32D192ED03L + hash;
        hash = left * right ^ Math.unsignedMultiplyHigh(left, right);
    }
}
