package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads thoughts. OpenAI has no member for them, and its compatibles have several, some in one message with the same
 * words in each: only one of them is listened to.
 */
final class ThoughtsReader {
    /** Whose those blocks are that do not say it: LiteLLM has them of nobody else. */
    private static final String USUAL_ORIGIN = "anthropic";

    private static final NameTable DETAIL = NameTable.of("text", "summary", "signature", "data");
    private static final NameTable BLOCK = NameTable.of("thinking", "signature", "data", "origin");
    private static final NameTable TEXT = NameTable.of("text");

    private final JsonWalk walk;
    private String content = "";
    private String plain = "";
    private final StringBuilder inContent = new StringBuilder();
    private final List<Part.Reasoning> details = new ArrayList<>();
    private final List<Part.Reasoning> blocks = new ArrayList<>();

    /** How many characters each choice has thought since its last seal. */
    private final Map<Integer, Integer> unsealed = new HashMap<>();

    // Of the block at hand.
    private String text = "";
    private String signature = "";
    private String hidden = "";
    private String origin = "";

    ThoughtsReader(JsonWalk walk) {
        this.walk = walk;
    }

    void clear() {
        content = "";
        plain = "";
        inContent.setLength(0);
        details.clear();
        blocks.clear();
    }

    void member(String name) throws MalformedJson {
        switch (name) {
            // DeepSeek and vLLM.
            case "reasoning_content" -> content = walk.text();
            // OpenRouter and Groq.
            case "reasoning" -> plain = walk.text();
            // OpenRouter again, structured.
            case "reasoning_details" -> walk.array(() -> details.add(block(DETAIL, OpenAiDialect.NAME)));
            // LiteLLM, for models of Anthropic.
            case "thinking_blocks" -> walk.array(() -> blocks.add(block(BLOCK, USUAL_ORIGIN)));
            default -> {}
        }
    }

    /** A list of texts inside the content. */
    void ofMistral() throws MalformedJson {
        if (walk.token() != Token.START_ARRAY) {
            inContent.append(walk.text());
            return;
        }
        walk.array(() -> walk.object(TEXT, name -> {
            if (!name.isEmpty()) {
                inContent.append(walk.text());
            }
        }));
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

    void tell(int choice, Consumer<StreamEvent> to) {
        List<Part.Reasoning> told = blocks.isEmpty() ? details : blocks;
        if (told.stream().allMatch(block -> block.text().isEmpty())) {
            delta(choice, words(), OpenAiDialect.NAME, to);
        }
        for (Part.Reasoning block : told) {
            tell(choice, block, to);
        }
    }

    /** A seal comes alone, with the last words, or (as this dialect writes it itself) with all words once more. */
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

    private String words() {
        if (!content.isEmpty()) {
            return content;
        }
        return plain.isEmpty() ? inContent.toString() : plain;
    }

    private void delta(int choice, String words, String origin, Consumer<StreamEvent> to) {
        if (!words.isEmpty()) {
            unsealed.merge(choice, words.length(), Integer::sum);
            to.accept(new StreamEvent.ReasoningDelta(choice, words, origin));
        }
    }
}
