package dev.understudy.protocol.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonCursor;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.SpelledNumber;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.json.ValueKind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Reads the {@link RequestFacts} of a request from its members in one pass, as a table of the dialect says: one row per
 * member, with what the member means. The conversation is measured, never parsed; no tree is built.
 *
 * <p>A member that is {@code null} counts as absent, except the conversation, which cannot be. A member of the table that occurs twice is refused, since two readers
 * might understand it in two ways. The number policy is in {@link Value#count}.
 */
public final class RequestFactsTable {
    private final Map<String, Row> rows;
    private final UnaryOperator<String> names;
    private final Supplier<BadRequest> noConversation;
    private final Supplier<BadRequest> noMaxTokens;
    private final boolean needsMaxTokens;

    private record Row(int index, Reader reader) {}

    private RequestFactsTable(Builder builder) {
        this.rows = Map.copyOf(builder.rows);
        this.names = builder.names;
        this.noConversation = builder.noConversation;
        this.noMaxTokens = builder.noMaxTokens;
        this.needsMaxTokens = builder.needsMaxTokens;
    }

    /** What a member means. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Reads the value of the row's member.
         *
         * @throws BadRequest if the value is of a type that the dialect refuses
         */
        void read(Value value, Found found) throws BadRequest;
    }

    /**
     * The facts of a request.
     *
     * @param stream whether the request's path asks for a stream; a row of the table may say the same
     * @throws BadRequest if a required member is missing, or one is of the wrong type or occurs twice
     */
    public RequestFacts facts(Members members, boolean stream) throws BadRequest {
        Found found = new Found(stream);
        long seen = 0;
        for (int i = 0; i < members.size(); i++) {
            Row row = rows.get(names.apply(members.name(i)));
            if (row == null) {
                continue;
            }
            if ((seen & 1L << row.index()) != 0) {
                throw BadRequest.duplicate(members.name(i));
            }
            seen |= 1L << row.index();
            if (members.kind(i) != ValueKind.NULL || row.reader() instanceof Conversation) {
                row.reader().read(Value.of(members, i), found);
            }
        }
        if (!found.conversation) {
            throw noConversation.get();
        }
        if (needsMaxTokens && found.maxTokens.isEmpty()) {
            throw noMaxTokens.get();
        }
        return found.facts();
    }

    /**
     * Whether the members ask for reasoning, for tables whose rows read nothing else. Nothing is refused: the provider
     * refuses what it does not understand in its own words.
     *
     * @param members of a body, or only those that a target adds to it
     */
    public ReasoningChoice reasoning(Members members) {
        Found found = new Found(false);
        for (int i = 0; i < members.size(); i++) {
            Row row = rows.get(names.apply(members.name(i)));
            if (row != null && members.kind(i) != ValueKind.NULL) {
                try {
                    row.reader().read(Value.of(members, i), found);
                } catch (BadRequest tooLargeOrDeep) {
                    // Not a setting that any vendor accepts.
                }
            }
        }
        return found.reasoning;
    }

    /** A reader for a member whose presence matters only because it must not occur twice. */
    public static void ignored(Value value, Found found) {}

    /** A reader for a part of the prompt. */
    public static void prompt(Value value, Found found) {
        found.promptBytes += value.length();
    }

    /**
     * A reader for the conversation, the member that every request needs.
     *
     * @param expected for the error, such as {@code a list of messages}
     */
    public static Reader conversation(String expected, ValueKind first, ValueKind... others) {
        return new Conversation(EnumSet.of(first, others), expected);
    }

    private record Conversation(Set<ValueKind> kinds, String expected) implements Reader {
        @Override
        public void read(Value value, Found found) throws BadRequest {
            value.require(kinds, expected);
            found.conversation = true;
            found.promptBytes += value.length();
        }
    }

    /** A reader for a list of tools, which belongs to the prompt too. */
    public static void tools(Value value, Found found) {
        found.tools |= !value.isEmptyList();
        found.promptBytes += value.length();
    }

    /** A reader for stop sequences: a string, or a list that is not empty. */
    public static void stop(Value value, Found found) {
        found.stopSequences |= !value.isEmptyList();
    }

    /** A reader for {@code stream}. */
    public static void stream(Value value, Found found) throws BadRequest {
        value.require(EnumSet.of(ValueKind.TRUE, ValueKind.FALSE), "true or false");
        found.stream = value.kind() == ValueKind.TRUE;
    }

    /** A reader for a limit of output tokens; of several limits the lowest holds. */
    public static void maxTokens(Value value, Found found) {
        OptionalLong count = value.count();
        if (count.isPresent()) {
            found.maxTokens = OptionalLong.of(Math.min(count.getAsLong(), found.maxTokens.orElse(Long.MAX_VALUE)));
        }
    }

    /** A reader for the number of answers ({@code n}). */
    public static void choices(Value value, Found found) {
        found.choices = OptionalInt.of((int) Math.max(1, value.count().orElse(1)));
    }

    /** A reader for a member that asks for reasoning, or for none. */
    public static Reader reasoning(ReasoningChoice.Reading reading) {
        return (value, found) -> found.reasoning = found.reasoning.and(reading.of(value.tree()));
    }

    /** A reader for the members of an object; a value of another type has none. */
    public static Reader members(Map<String, Reader> readers) {
        Map<String, Reader> table = Map.copyOf(readers);
        return (value, found) -> value.eachMember(table, found);
    }

    /** What has been read so far. */
    public static final class Found {
        private boolean conversation;
        private boolean stream;
        private OptionalInt choices = OptionalInt.empty();
        private OptionalLong maxTokens = OptionalLong.empty();
        private boolean stopSequences;
        private boolean tools;
        private boolean jsonOutput;
        private int promptBytes;
        private ReasoningChoice reasoning = ReasoningChoice.UNSAID;

        private Found(boolean stream) {
            this.stream = stream;
        }

        /** The provider has the conversation already, or a part of it. */
        public void storedConversation() {
            conversation = true;
        }

        /** The request defines tools. */
        public void hasTools() {
            tools = true;
        }

        /** The request asks for JSON if {@code json} is true. */
        public void jsonOutput(boolean json) {
            jsonOutput |= json;
        }

        private RequestFacts facts() {
            return new RequestFacts(
                    stream, choices, maxTokens, stopSequences, tools, jsonOutput, promptBytes, reasoning, false);
        }
    }

    /** The value of a member, not parsed yet. */
    public static final class Value {
        /** Counts are compared with small numbers only. */
        private static final long MOST = Integer.MAX_VALUE;

        private final String name;
        private final byte[] json;
        private final int start;
        private final int end;
        private final ValueKind kind;

        private Value(String name, byte[] json, int start, int end, ValueKind kind) {
            this.name = name;
            this.json = json;
            this.start = start;
            this.end = end;
            this.kind = kind;
        }

        private static Value of(Members members, int index) {
            return new Value(
                    members.name(index),
                    members.body(),
                    members.valueStart(index),
                    members.valueEnd(index),
                    members.kind(index));
        }

        /** Its type. */
        public ValueKind kind() {
            return kind;
        }

        /** Its size in bytes. */
        public int length() {
            return end - start;
        }

        /** Whether it is a list without items. */
        public boolean isEmptyList() {
            if (kind != ValueKind.ARRAY) {
                return false;
            }
            int at = start + 1;
            while (json[at] <= ' ') {
                at++;
            }
            return json[at] == ']';
        }

        /**
         * A count: a JSON number of 0 or more in a spelling that can be calculated with. Fractions are cut off, and numbers
         * beyond an {@code int} read as its maximum. Anything else is no count and left for the provider to refuse.
         */
        public OptionalLong count() {
            if (kind != ValueKind.NUMBER) {
                return OptionalLong.empty();
            }
            return SpelledNumber.value(new String(json, start, length(), StandardCharsets.US_ASCII))
                    .filter(number -> number.signum() >= 0)
                    .map(number ->
                            OptionalLong.of(number.min(BigDecimal.valueOf(MOST)).longValue()))
                    .orElse(OptionalLong.empty());
        }

        /** Its text; empty if it is not a string. */
        public String text() throws BadRequest {
            return kind == ValueKind.STRING ? tree().textValue() : "";
        }

        /**
         * The value as a tree, for small settings.
         *
         * @throws BadRequest if it is too large or nested too deep to be one
         */
        public JsonNode tree() throws BadRequest {
            return JsonTrees.option(name, json, start, end);
        }

        /**
         * Refuses other types.
         *
         * @param expected for the error, such as {@code a list of tools}
         */
        public void require(Set<ValueKind> kinds, String expected) throws BadRequest {
            if (!kinds.contains(kind)) {
                throw invalid("must be " + expected + ", not " + kind.described() + ".");
            }
        }

        /** An error that names the member; {@code problem} continues the sentence after its name. */
        public BadRequest invalid(String problem) {
            String shown = BadRequest.shown(name);
            return BadRequest.invalid(shown, "'" + shown + "' " + problem);
        }

        private void eachMember(Map<String, Reader> readers, Found found) throws BadRequest {
            if (kind != ValueKind.OBJECT) {
                return;
            }
            // The depth was limited when the body was scanned.
            JsonCursor cursor = new JsonCursor(Integer.MAX_VALUE).over(json, start, end);
            try {
                cursor.next();
                while (cursor.next() == Token.NAME) {
                    String member = cursor.string().decoded();
                    Reader reader = readers.get(member);
                    ValueKind type = ValueKind.beginningWith(cursor.next());
                    int from = cursor.start();
                    cursor.skipRest();
                    if (reader != null && type != ValueKind.NULL) {
                        reader.read(new Value(member, json, from, cursor.end(), type), found);
                    }
                }
            } catch (MalformedJson impossible) {
                // The value was cut out of JSON that had been checked.
                throw BadRequest.notJson("The request's '" + BadRequest.shown(name) + "' cannot be read as JSON.");
            }
        }
    }

    /** Makes a table. */
    public static final class Builder {
        private final Map<String, Row> rows = new LinkedHashMap<>();
        private UnaryOperator<String> names = UnaryOperator.identity();
        private Supplier<BadRequest> noConversation = () -> BadRequest.notJson("The request has no conversation.");
        private Supplier<BadRequest> noMaxTokens = noConversation;
        private boolean needsMaxTokens;

        /** Adds a row. */
        public Builder row(String name, Reader reader) {
            if (rows.size() == Long.SIZE || rows.putIfAbsent(name, new Row(rows.size(), reader)) != null) {
                throw new IllegalArgumentException("too many rows, or a second one for " + name);
            }
            return this;
        }

        /** How a name in a body becomes a name in the table, for dialects that accept several spellings. */
        public Builder spelling(UnaryOperator<String> toTableName) {
            names = toTableName;
            return this;
        }

        /** The error of a request without a conversation. */
        public Builder withoutConversation(Supplier<BadRequest> error) {
            noConversation = error;
            return this;
        }

        /** The error of a request without a limit of output tokens, in dialects that require one. */
        public Builder withoutMaxTokens(Supplier<BadRequest> error) {
            needsMaxTokens = true;
            noMaxTokens = error;
            return this;
        }

        public RequestFactsTable build() {
            return new RequestFactsTable(this);
        }
    }
}
