package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonCursor;
import dev.understudy.protocol.json.JsonString;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.InvisibleCharacters;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Reads a delta, or a whole message, and tells its contents in the order in which the model made them: the members come in
 * any. Contents are kept only where events are told; of everything else it notes no more than {@link AnswerFacts} need.
 */
final class DeltaReader {
    private static final NameTable MESSAGE = NameTable.of(
            "content",
            "refusal",
            "reasoning_content",
            "reasoning",
            "reasoning_details",
            "thinking_blocks",
            "tool_calls",
            "function_call",
            "audio",
            "images",
            "annotations");
    private static final NameTable PART = NameTable.of("type", "text", "refusal", "thinking", "image_url", "audio");

    /** Types of parts whose content may be missing. */
    private static final Set<String> KNOWN_PARTS =
            Set.of("text", "output_text", "refusal", "thinking", "image_url", "audio", "output_audio");

    private static final NameTable AUDIO = NameTable.of("id", "data", "transcript");
    private static final NameTable URL = NameTable.of("url");

    private final JsonWalk walk;
    private final JsonCursor cursor;
    private final ReasoningDeltas reasoning;
    private final ToolCallReader calls;

    /** Whether events will be told. */
    private boolean detailed;

    /** Whether the plain text is kept although facts will be told. */
    private boolean keepsText;

    private boolean message;
    private final StringBuilder text = new StringBuilder(0);
    private final StringBuilder refusal = new StringBuilder(0);
    private final List<Part.Citation> citations = new ArrayList<>(0);
    private final List<Part.Media> media = new ArrayList<>(0);
    private final List<Part.Foreign> foreign = new ArrayList<>(0);

    private long plainCharacters;
    private boolean plainVisible;

    /** Of refusals, and of text that is in parts or in a whole message. */
    private long specialCharacters;

    private boolean specialVisible;
    private boolean otherContent;

    // Of the audio at hand.
    private String audioId = "";
    private String audioData = "";

    // Of the part at hand.
    private String partType = "";
    private boolean partRead;

    DeltaReader(JsonWalk walk) {
        this.walk = walk;
        this.cursor = walk.cursor();
        this.reasoning = new ReasoningDeltas(walk);
        this.calls = new ToolCallReader(walk);
    }

    /**
     * Begins with the next choice.
     *
     * @param forEvents whether what is read will be told as events
     * @param keptText whether the plain text is wanted even if not
     */
    void clear(boolean forEvents, boolean keptText) {
        detailed = forEvents;
        keepsText = keptText;
        message = false;
        reasoning.clear(forEvents);
        calls.clear();
        text.setLength(0);
        if (forEvents) {
            refusal.setLength(0);
            citations.clear();
            media.clear();
            foreign.clear();
        }
        plainCharacters = 0;
        plainVisible = false;
        specialCharacters = 0;
        specialVisible = false;
        otherContent = false;
    }

    /**
     * Reads the object here.
     *
     * @param whole whether it is a message: text of one in a stream is not taken for a part of a longer text
     */
    void read(boolean whole) throws MalformedJson {
        if (cursor.token() != Token.START_OBJECT) {
            cursor.skipRest();
            return;
        }
        message |= whole;
        while (cursor.next() == Token.NAME) {
            String name = cursor.string().among(MESSAGE);
            cursor.next();
            member(name);
            cursor.skipRest();
        }
    }

    /** Whether tools are called. */
    boolean calls() {
        return calls.isSaying();
    }

    /** Whether one of these choices has a call that was not told because its name has not come. */
    boolean hasNamelessCall(IntPredicate choices) {
        return calls.hasNameless(choices);
    }

    /** Whether it has content of the answer beside calls: text that is not blank, or media. */
    boolean answers() {
        return plainVisible || specialVisible || otherContent;
    }

    void tell(int choice, String logprobs, Consumer<StreamEvent> to) {
        reasoning.tell(choice, to);
        if (!text.isEmpty()) {
            to.accept(new StreamEvent.TextDelta(choice, text.toString(), logprobs));
        }
        for (Part.Citation citation : citations) {
            to.accept(new StreamEvent.Cited(choice, citation));
        }
        if (!refusal.isEmpty()) {
            to.accept(new StreamEvent.RefusalDelta(choice, refusal.toString()));
        }
        for (Part.Media shown : media) {
            to.accept(new StreamEvent.MediaCame(choice, shown));
        }
        for (Part.Foreign own : foreign) {
            to.accept(new StreamEvent.ForeignCame(choice, own));
        }
        calls.tell(choice, to);
    }

    /** @return whether there was anything to tell */
    boolean tell(int choice, AnswerFacts facts) {
        boolean reasoned = reasoning.tell(choice, facts);
        if (plainCharacters > 0) {
            if (message) {
                facts.specialText(choice, plainCharacters, !plainVisible);
            } else {
                facts.text(choice, text, plainCharacters, !plainVisible);
            }
        }
        if (specialCharacters > 0) {
            facts.specialText(choice, specialCharacters, !specialVisible);
        }
        if (otherContent) {
            facts.otherContent(choice);
        }
        calls.tell(choice, facts);
        return reasoned || plainCharacters > 0 || specialCharacters > 0 || otherContent || !calls.isEmpty();
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "content" -> content();
            case "refusal" -> special(refusal);
            case "reasoning_content", "reasoning", "reasoning_details", "thinking_blocks" -> reasoning.member(name);
            case "tool_calls" -> calls.list();
            case "function_call" -> calls.function();
            case "audio" -> audio();
            case "images" -> {
                if (detailed) {
                    walk.array(() -> walk.object(PART, this::part));
                } else {
                    otherContent |= walk.isFilled(Token.START_ARRAY);
                }
            }
            case "annotations" -> {
                if (detailed) {
                    Annotations.read(walk, citations);
                }
            }
            default -> {}
        }
    }

    /** A string, or parts: Mistral sends its reasoning that way, and images come so. */
    private void content() throws MalformedJson {
        if (cursor.token() == Token.STRING) {
            JsonString string = cursor.string();
            plainCharacters += string.length();
            plainVisible |= !string.allMatch(InvisibleCharacters::isBlank);
            if (detailed) {
                text.append(string.decoded());
            } else if (keepsText) {
                string.appendTo(text);
            }
            return;
        }
        walk.array(() -> {
            if (walk.token() == Token.STRING) {
                special(text);
            } else {
                contentPart();
            }
        });
    }

    /** A part of an unknown type counts as content, for callers of this dialect may know it. */
    private void contentPart() throws MalformedJson {
        int start = cursor.start();
        partType = "";
        partRead = false;
        walk.object(PART, this::part);
        if (!partRead && !partType.isEmpty() && !KNOWN_PARTS.contains(partType)) {
            otherContent = true;
            if (detailed) {
                foreign.add(new Part.Foreign(OpenAiDialect.NAME, partType, walk.since(start)));
            }
        }
    }

    private void special(StringBuilder to) {
        if (cursor.token() != Token.STRING) {
            return;
        }
        JsonString string = cursor.string();
        specialCharacters += string.length();
        specialVisible |= !string.allMatch(InvisibleCharacters::isBlank);
        if (detailed) {
            to.append(string.decoded());
        }
    }

    private void part(String name) throws MalformedJson {
        partRead |= !name.isEmpty() && !name.equals("type");
        switch (name) {
            case "type" -> partType = walk.text();
            case "text" -> special(text);
            case "refusal" -> special(refusal);
            case "thinking" -> reasoning.inContent();
            case "image_url" -> image();
            case "audio" -> audio();
            default -> {}
        }
    }

    private void image() throws MalformedJson {
        if (!detailed) {
            otherContent |=
                    (cursor.token() == Token.STRING && !cursor.string().isEmpty()) || walk.isFilled(Token.START_OBJECT);
        } else if (walk.token() == Token.STRING) {
            image(walk.text());
        } else {
            walk.object(URL, name -> image(name.isEmpty() ? "" : walk.text()));
        }
    }

    private void image(String url) {
        if (!url.isEmpty()) {
            otherContent = true;
            media.add(Part.Media.of(Part.Media.Kind.IMAGE, DataUrl.source(url)));
        }
    }

    /** The transcript is text of the answer; the name of the media is the id by which a later message refers to it. */
    private void audio() throws MalformedJson {
        if (!detailed) {
            otherContent |= walk.isFilled(Token.START_OBJECT);
            return;
        }
        audioId = "";
        audioData = "";
        walk.object(AUDIO, name -> {
            switch (name) {
                case "id" -> audioId = walk.text();
                case "data" -> audioData = walk.text();
                case "transcript" -> special(text);
                default -> {}
            }
        });
        if (!audioData.isEmpty()) {
            otherContent = true;
            Part.Source data = new Part.Source.Inline(DataUrl.audioType(audioData), audioData);
            media.add(new Part.Media(Part.Media.Kind.AUDIO, data, audioId, ""));
        }
    }
}
