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

    /** Whether there is any, and whether any of it can be seen, where nothing of it is kept. */
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
            return filled(walk.text(), otherwise);
        }
        note();
        return otherwise;
    }

    private static String filled(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }

    private void note() throws MalformedJson {
        if (walk.token() == Token.STRING) {
            any |= !walk.cursor().string().isEmpty();
            visible |= !walk.cursor().string().allMatch(InvisibleCharacters::isBlank);
        }
    }

    /** A block with neither text nor a signature tells nothing. */
    private void blocks(List<Part.Reasoning> to, NameTable members, String usualOrigin) throws MalformedJson {
        walk.array(() -> {
            if (!detailed) {
                walk.object(members, this::noteOfBlock);
                return;
            }
            Part.Reasoning block = block(members, usualOrigin);
            if (isSealed(block) || !block.text().isEmpty()) {
                to.add(block);
            }
        });
    }

    private void noteOfBlock(String name) throws MalformedJson {
        switch (name) {
            case "thinking", "text", "summary" -> note();
            case "signature", "data" -> {
                boolean sealed =
                        walk.token() == Token.STRING && !walk.cursor().string().isEmpty();
                any |= sealed;
                visible |= sealed;
            }
            default -> {}
        }
    }

    private static boolean isSealed(Part.Reasoning block) {
        return !block.signature().isEmpty() || !block.hidden().isEmpty();
    }

    private static boolean isVisible(String text) {
        return !InvisibleCharacters.only(text);
    }

    /** Mistral's: a text, or a list of texts, inside of the content. */
    void inContent() throws MalformedJson {
        if (walk.token() != Token.START_ARRAY) {
            textInContent();
            return;
        }
        walk.array(() -> walk.object(TEXT, name -> {
            if (!name.isEmpty()) {
                textInContent();
            }
        }));
    }

    private void textInContent() throws MalformedJson {
        if (detailed) {
            inContent.append(walk.text());
        } else {
            note();
        }
    }

    private Part.Reasoning block(NameTable members, String usualOrigin) throws MalformedJson {
        text = "";
        signature = "";
        hidden = "";
        origin = usualOrigin;
        walk.object(members, name -> {
            switch (name) {
                case "thinking", "text", "summary" -> text = filled(walk.text(), text);
                case "signature" -> signature = filled(walk.text(), signature);
                case "data" -> hidden = filled(walk.text(), hidden);
                case "origin" -> origin = walk.text();
                default -> {}
            }
        });
        return new Part.Reasoning(text, signature, hidden, origin);
    }

    /** @return whether there was anything to tell */
    boolean tell(int choice, AnswerFacts facts) {
        if (any) {
            facts.reasoning(choice, !visible);
        }
        return any;
    }

    void tell(int choice, Consumer<StreamEvent> to) {
        List<Part.Reasoning> told = blocks.isEmpty() ? details : blocks;
        String text = plainText();
        boolean plainly = isToldPlainly(text, told);
        if (plainly) {
            delta(choice, text, OpenAiDialect.NAME, to);
        }
        for (Part.Reasoning block : told) {
            tell(choice, block, !plainly, to);
        }
    }

    /** Whether the blocks lack the text, or have only blanks where it can be seen elsewhere. */
    private static boolean isToldPlainly(String text, List<Part.Reasoning> blocks) {
        boolean any = false;
        for (Part.Reasoning block : blocks) {
            if (isVisible(block.text())) {
                return false;
            }
            any |= !block.text().isEmpty();
        }
        return !any || isVisible(text);
    }

    /** A signature comes alone, with the last of the text, or (as this dialect writes it itself) with all of it once more. */
    private void tell(int choice, Part.Reasoning block, boolean withText, Consumer<StreamEvent> to) {
        boolean sealed = isSealed(block);
        boolean again = sealed && block.text().length() == unsealed.getOrDefault(choice, 0);
        if (withText && !again) {
            delta(choice, block.text(), block.origin(), to);
        }
        if (sealed) {
            unsealed.remove(choice);
            to.accept(new StreamEvent.ReasoningSealed(choice, block.signature(), block.hidden(), block.origin()));
        }
    }

    /** The first of the texts that can be seen; blanks only if there is no other. */
    private String plainText() {
        if (isVisible(content)) {
            return content;
        }
        if (isVisible(plain)) {
            return plain;
        }
        String within = inContent.toString();
        return isVisible(within) ? within : filled(content, filled(plain, within));
    }

    private void delta(int choice, String more, String origin, Consumer<StreamEvent> to) {
        if (!more.isEmpty()) {
            unsealed.merge(choice, more.length(), Integer::sum);
            to.accept(new StreamEvent.ReasoningDelta(choice, more, origin));
        }
    }
}
