package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.OpenParts.ItemPart.Kind;
import dev.understudy.protocol.dialect.OpenParts.ItemPart.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a stream has said of one output item. */
final class ItemState {
    private final String id;
    private final int index;
    private final List<PartState> parts = new ArrayList<>(1);
    private Type type;
    private boolean open = true;

    /** The number of the function call; -1 if it is none. */
    int call = -1;

    boolean words;
    boolean wordsInPart;
    boolean hasReasoning;

    private enum Type {
        MESSAGE,
        REASONING,
        FUNCTION_CALL,
        /** A call of another tool of the client's. */
        CLIENT_CALL,
        /** A tool that OpenAI runs. */
        PROVIDER_TOOL,
        OTHER,
        /** Its start event is missing. */
        UNKNOWN;

        private static Type of(String type) {
            return switch (type) {
                case "message" -> MESSAGE;
                case "reasoning" -> REASONING;
                case "function_call" -> FUNCTION_CALL;
                case "custom_tool_call", "computer_call", "local_shell_call", "shell_call", "apply_patch_call" ->
                    CLIENT_CALL;
                case "web_search_call",
                        "file_search_call",
                        "code_interpreter_call",
                        "image_generation_call",
                        "mcp_call",
                        "mcp_list_tools" -> PROVIDER_TOOL;
                case "" -> UNKNOWN;
                default -> OTHER;
            };
        }
    }

    private static final class PartState {
        private final Kind kind;
        private final boolean announced;
        private final StringBuilder reasoning = new StringBuilder(0);
        private int length;
        private Stage stage = Stage.OPEN;

        private PartState(Kind kind, boolean announced) {
            this.kind = kind;
            this.announced = announced;
        }
    }

    /**
     * @param output the item's position in the output
     * @param type empty if its start event is missing
     */
    ItemState(long output, String id, String type) {
        this.index = Math.clamp(output, 0, Integer.MAX_VALUE - 1);
        this.id = id;
        this.type = Type.of(type);
    }

    boolean isReasoning() {
        return type == Type.REASONING;
    }

    boolean isClientCall() {
        return type == Type.FUNCTION_CALL || type == Type.CLIENT_CALL;
    }

    boolean isOpen() {
        return open;
    }

    boolean isProviderToolOpen() {
        return open && type == Type.PROVIDER_TOOL;
    }

    /** Whether it is open and of a type that only this dialect has. */
    boolean isForeignOpen() {
        return open && (type == Type.CLIENT_CALL || type == Type.PROVIDER_TOOL || type == Type.OTHER);
    }

    void end() {
        open = false;
    }

    /** A part is announced; the item's type says what it is. */
    void partBegins() {
        begin(type == Type.REASONING ? Kind.REASONING_TEXT : Kind.OUTPUT_TEXT, true);
    }

    void summaryBegins() {
        if (type == Type.UNKNOWN) {
            type = Type.REASONING;
        }
        begin(Kind.SUMMARY_TEXT, true);
    }

    private PartState begin(Kind kind, boolean announced) {
        PartState begun = new PartState(kind, announced);
        parts.add(begun);
        return begun;
    }

    /** More text of the message. */
    void text(String more) {
        if (type == Type.UNKNOWN) {
            type = Type.MESSAGE;
        }
        part(Kind.OUTPUT_TEXT).length += more.length();
    }

    /** More text of the reasoning, which is kept because the end of the item repeats it. */
    void reasoning(Kind kind, String more) {
        if (type == Type.UNKNOWN) {
            type = Type.REASONING;
        }
        PartState part = part(kind);
        part.reasoning.append(more);
        part.length += more.length();
    }

    /** The open part; some servers announce none. */
    private PartState part(Kind kind) {
        PartState last = parts.isEmpty() ? begin(kind, false) : parts.getLast();
        return last.kind == kind && last.stage == Stage.OPEN ? last : begin(kind, false);
    }

    void textEnds() {
        if (!parts.isEmpty() && parts.getLast().stage == Stage.OPEN) {
            parts.getLast().stage = Stage.TEXT_ENDED;
        }
    }

    void partEnds() {
        if (!parts.isEmpty()) {
            parts.getLast().stage = Stage.ENDED;
        }
    }

    /** What a writer needs to end or continue the item; empty if it is not open, or is not a message or reasoning. */
    Optional<OpenParts.Item> openItem() {
        if (!open || (type != Type.MESSAGE && type != Type.REASONING)) {
            return Optional.empty();
        }
        List<OpenParts.ItemPart> told = parts.stream()
                .map(part -> new OpenParts.ItemPart(
                        part.kind,
                        part.announced,
                        part.length,
                        part.kind == Kind.OUTPUT_TEXT
                                ? OpenParts.TextSoFar.NONE
                                : new OpenParts.TextSoFar(part.reasoning),
                        part.stage))
                .toList();
        return Optional.of(new OpenParts.Item(id, index, type == Type.REASONING, told));
    }

    int index() {
        return index;
    }
}
