package dev.understudy.protocol.dialect;

import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonPatches;
import dev.understudy.protocol.json.JsonPatches.Span;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.UniqueToolCalls;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The conversation of a pass-through request in a dialect whose messages are lists of blocks (Anthropic, Bedrock): what earlier
 * answers of other vendors have left in it, and what the vendor would refuse of that.
 *
 * <p>It is read in one pass and without a tree, and only spans are changed: the bytes of the rest are the same, so that the
 * vendor's prompt cache still knows them.
 */
public final class MessageHistory {
    private static final int DEEPEST = 1_000;
    private static final NameTable BODY = NameTable.of("messages");
    private static final NameTable MESSAGE = NameTable.of("role", "content");
    private static final NameTable ASSISTANT = NameTable.of("assistant");

    /** What a block is, as far as it matters here. */
    public enum Kind {
        /** Reasoning that the vendor accepts. */
        REASONING,
        /** Reasoning of another vendor. */
        FOREIGN_REASONING,
        CALL,
        RESULT,
        OTHER
    }

    /**
     * A block.
     *
     * @param id of the call or result, at {@code idAt}
     */
    public record Block(Kind kind, String id, Span idAt) {
        private static final Span NOWHERE = new Span(0, 0);

        public static Block of(Kind kind) {
            return new Block(kind, "", NOWHERE);
        }
    }

    /** Reads the block on which the walk stands. */
    @FunctionalInterface
    public interface BlockReader {
        Block read(JsonWalk walk) throws MalformedJson;
    }

    private record Message(boolean assistant, Span span, List<Block> blocks, List<Span> spans) {
        boolean isEmptyWithout(Kind kind) {
            return !blocks.isEmpty() && blocks.stream().allMatch(block -> block.kind() == kind);
        }

        boolean has(Kind kind) {
            return blocks.stream().anyMatch(block -> block.kind() == kind);
        }
    }

    private final byte[] body;
    private final List<Message> messages;

    private MessageHistory(byte[] body, List<Message> messages) {
        this.body = body;
        this.messages = messages;
    }

    /** Reads the conversation; empty if it cannot be read: the provider reports what is wrong with it. */
    public static Optional<MessageHistory> read(byte[] body, BlockReader blocks) {
        JsonWalk walk = new JsonWalk(DEEPEST);
        List<Message> messages = new ArrayList<>();
        try {
            walk.over(body, 0, body.length);
            walk.object(BODY, name -> {
                if (!name.isEmpty()) {
                    messages.clear();
                    walk.array(() -> messages.add(message(walk, blocks)));
                }
            });
            return Optional.of(new MessageHistory(body, messages));
        } catch (MalformedJson unreadable) {
            return Optional.empty();
        } finally {
            walk.release();
        }
    }

    private static Message message(JsonWalk walk, BlockReader reader) throws MalformedJson {
        int from = walk.cursor().start();
        boolean[] assistant = {false};
        List<Block> blocks = new ArrayList<>();
        List<Span> spans = new ArrayList<>();
        walk.object(MESSAGE, name -> {
            switch (name) {
                case "role" -> assistant[0] = !walk.among(ASSISTANT).isEmpty();
                case "content" -> {
                    if (walk.token() == Token.START_ARRAY) {
                        walk.array(() -> {
                            int start = walk.cursor().start();
                            blocks.add(reader.read(walk));
                            walk.skip();
                            spans.add(new Span(start, walk.cursor().end()));
                        });
                    }
                }
                default -> {}
            }
        });
        return new Message(assistant[0], new Span(from, walk.cursor().end()), blocks, spans);
    }

    /** The span of the string on which a walk stands. */
    public static Span here(JsonWalk walk) {
        return new Span(walk.cursor().start(), walk.cursor().end());
    }

    /**
     * Whether Claude would refuse reasoning with a budget: the last tool calls, whose results are sent, come without the reasoning
     * that led to them.
     */
    public boolean lacksReasoning() {
        for (int i = messages.size() - 2; i >= 0; i--) {
            Message message = messages.get(i);
            if (message.assistant()) {
                Optional<Block> first = message.blocks().stream()
                        .filter(block -> block.kind() != Kind.FOREIGN_REASONING)
                        .findFirst();
                return messages.get(i + 1).has(Kind.RESULT)
                        && message.has(Kind.CALL)
                        && first.filter(block -> block.kind() == Kind.REASONING).isEmpty();
            }
        }
        return false;
    }

    /** The body with unique ids of tool calls and without reasoning of other vendors; the same array if it has neither. */
    public byte[] fitted() {
        JsonPatches patches = new JsonPatches();
        removeReasoning(patches);
        renameCalls(patches);
        return patches.isEmpty() ? body : patches.apply(body);
    }

    private void removeReasoning(JsonPatches patches) {
        Set<Integer> emptied = new HashSet<>();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (message.isEmptyWithout(Kind.FOREIGN_REASONING)) {
                emptied.add(i);
            } else if (message.has(Kind.FOREIGN_REASONING)) {
                patches.remove(message.spans(), at -> message.blocks().get(at).kind() == Kind.FOREIGN_REASONING);
            }
        }
        if (!emptied.isEmpty()) {
            patches.remove(messages.stream().map(Message::span).toList(), emptied::contains);
        }
    }

    private void renameCalls(JsonPatches patches) {
        List<Turn> turns = new ArrayList<>(messages.size());
        List<Span> places = new ArrayList<>();
        Set<String> calls = new HashSet<>();
        boolean repeated = false;
        for (Message message : messages) {
            List<Part> parts = new ArrayList<>();
            for (Block block : message.blocks()) {
                if (block.kind() == Kind.CALL) {
                    repeated |= !calls.add(block.id());
                    parts.add(Part.ToolCall.of(block.id(), "", ""));
                    places.add(block.idAt());
                } else if (block.kind() == Kind.RESULT) {
                    parts.add(new Part.ToolResult(block.id(), "", List.of(), false));
                    places.add(block.idAt());
                }
            }
            turns.add(Turn.of(message.assistant() ? Turn.Role.ASSISTANT : Turn.Role.USER, parts));
        }
        if (!repeated) {
            return;
        }
        int place = 0;
        List<Turn> unique = UniqueToolCalls.in(turns);
        for (int i = 0; i < turns.size(); i++) {
            for (int j = 0; j < turns.get(i).parts().size(); j++) {
                String before = id(turns.get(i).parts().get(j));
                String after = id(unique.get(i).parts().get(j));
                if (!before.equals(after) && !before.isEmpty()) {
                    patches.replace(places.get(place), JsonOut.quote(after));
                }
                place++;
            }
        }
    }

    private static String id(Part part) {
        return switch (part) {
            case Part.ToolCall call -> call.id();
            case Part.ToolResult result -> result.id();
            default -> "";
        };
    }
}
