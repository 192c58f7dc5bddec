package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.InvisibleCharacters;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the reasoning of a delta. OpenAI has no member for it, and compatible providers have several, some of them with the
 * same text in each: only one of them is told.
 */
final class ReasoningDeltas {
    /** The vendor of blocks that name none: LiteLLM sends them for no other. */
    private static final String USUAL_ORIGIN = "anthropic";

    private static final NameTable DETAIL = NameTable.of("text", "summary", "signature", "data");
    private static final NameTable BLOCK = NameTable.of("thinking", "signature", "data", "origin");
    private static final NameTable TEXT = NameTable.of("text");

    private final JsonWalk walk;
    private boolean detailed;
    private boolean any;
    private boolean visible;
    private String content = "";
    private String plain = "";
    private final StringBuilder inContent = new StringBuilder(0);
    private final List<Part.Reasoning> details = new ArrayList<>(0);
    private final List<Part.Reasoning> blocks = new ArrayList<>(0);

    /** How many characters of reasoning each choice has since its last signature. */
    private final Map<Integer, Integer> unsealed = new HashMap<>();

    // Of the block at hand.
    private String text = "";
    private String signature = "";
    private String hidden = "";
    private String origin = "";

    ReasoningDeltas(JsonWalk walk) {
        this.walk = walk;
    }

    void clear(boolean forEvents) {
        detailed = forEvents;
        any = false;
        visible = false;
        if (forEvents) {
            content = "";
            plain = "";
            inContent.setLength(0);
            details.clear();
            blocks.clear();
        }
    }

    void member(String name) throws MalformedJson {
        switch (name) {
            // DeepSeek and vLLM.
            case "reasoning_content" -> content = text(content);
            // OpenRouter and Groq.
            case "reasoning" -> plain = text(plain);
            // OpenRouter again, structured.
            case "reasoning_details" -> blocks(details, DETAIL, OpenAiDialect.NAME);
            // LiteLLM, for models of Anthropic.
            case "thinking_blocks" -> blocks(blocks, BLOCK, USUAL_ORIGIN);
            default -> {}
        }
    }

    private String text(String otherwise) throws MalformedJson {
        if (detailed) {
            return walk.text();
        }
        note();
        return otherwise;
    }

    private void note() throws MalformedJson {
        if (walk.token() == Token.STRING) {
            any |= !walk.cursor().string().isEmpty();
            visible |= !walk.cursor().string().allMatch(InvisibleCharacters::isBlank);
        }
    }

    private void blocks(List<Part.Reasoning> to, NameTable members, String usualOrigin) throws MalformedJson {
        if (detailed) {
            walk.array(() -> to.add(block(members, usualOrigin)));
        } else {
            noteList();
        }
    }

    private void noteList() throws MalformedJson {
        boolean filled = walk.isFilled(Token.START_ARRAY);
        any |= filled;
        visible |= filled;
    }

    /** Mistral's: a text, or a list of texts, inside of the content. */
    void inContent() throws MalformedJson {
        if (walk.token() != Token.START_ARRAY) {
            if (detailed) {
                inContent.append(walk.text());
            } else {
                note();
            }
        } else if (detailed) {
            walk.array(() -> walk.object(TEXT, name -> {
                if (!name.isEmpty()) {
                    inContent.append(walk.text());
                }
            }));
        } else {
            noteList();
        }
    }

    private Part.Reasoning block(NameTable members, String usualOrigin) throws MalformedJson {
        text = "";
        signature = "";
        hidden = "";
        origin = usualOrigin;
        walk.object(members, name -> {
            switch (name) {
                case "thinking", "text", "summary" -> text = walk.text();
                case "signature" -> signature = walk.text();
                case "data" -> hidden = walk.text();
                case "origin" -> origin = walk.text();
                default -> {}
            }
        });
        return new Part.Reasoning(text, signature, hidden, origin);
    }

    void tell(int choice, AnswerFacts facts) {
        if (any) {
            facts.reasoning(choice, !visible);
        }
    }

    void tell(int choice, Consumer<StreamEvent> to) {
        List<Part.Reasoning> told = blocks.isEmpty() ? details : blocks;
        if (told.stream().allMatch(block -> block.text().isEmpty())) {
            delta(choice, plainText(), OpenAiDialect.NAME, to);
        }
        for (Part.Reasoning block : told) {
            tell(choice, block, to);
        }
    }

    /** A signature comes alone, with the last of the text, or (as this dialect writes it itself) with all of it once more. */
    private void tell(int choice, Part.Reasoning block, Consumer<StreamEvent> to) {
        boolean sealed = !block.signature().isEmpty() || !block.hidden().isEmpty();
        boolean again = sealed && block.text().length() == unsealed.getOrDefault(choice, 0);
        if (!again) {
            delta(choice, block.text(), block.origin(), to);
        }
        if (sealed) {
            unsealed.remove(choice);
            to.accept(new StreamEvent.ReasoningSealed(choice, block.signature(), block.hidden(), block.origin()));
        }
    }

    private String plainText() {
        if (!content.isEmpty()) {
            return content;
        }
        return plain.isEmpty() ? inContent.toString() : plain;
    }

    private void delta(int choice, String more, String origin, Consumer<StreamEvent> to) {
        if (!more.isEmpty()) {
            unsealed.merge(choice, more.length(), Integer::sum);
            to.accept(new StreamEvent.ReasoningDelta(choice, more, origin));
        }
    }
}
