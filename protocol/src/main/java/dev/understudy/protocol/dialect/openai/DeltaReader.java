package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.answer.InvisibleCharacters;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads what a delta says, or a message that is there as a whole, and tells it in the order in which it was thought: its
 * members come in any.
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
    private static final NameTable PART = NameTable.of("text", "refusal", "thinking", "image_url", "audio");
    private static final NameTable AUDIO = NameTable.of("id", "data", "transcript");
    private static final NameTable URL = NameTable.of("url");

    private final JsonWalk walk;
    private final ThoughtsReader thoughts;
    private final Calls calls;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final List<Part.Citation> citations = new ArrayList<>();
    private final List<Part.Media> media = new ArrayList<>();

    // Of the recording at hand.
    private String audioId = "";
    private String audioData = "";

    DeltaReader(JsonWalk walk) {
        this.walk = walk;
        this.thoughts = new ThoughtsReader(walk);
        this.calls = new Calls(walk);
    }

    void clear() {
        thoughts.clear();
        calls.clear();
        text.setLength(0);
        refusal.setLength(0);
        citations.clear();
        media.clear();
    }

    /** Reads the object that the walk stands on. */
    void read() throws MalformedJson {
        walk.object(MESSAGE, this::member);
    }

    /** Whether tools are called. */
    boolean calls() {
        return !calls.isEmpty();
    }

    /** Whether it has something of the answer beside calls. */
    boolean answers() {
        return !isBlank(text) || !isBlank(refusal) || !media.isEmpty();
    }

    private static boolean isBlank(StringBuilder words) {
        return words.codePoints().allMatch(InvisibleCharacters::isBlank);
    }

    void tell(int choice, String logprobs, Consumer<StreamEvent> to) {
        thoughts.tell(choice, to);
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
        calls.tell(choice, to);
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "content" -> content();
            case "refusal" -> refusal.append(walk.text());
            case "reasoning_content", "reasoning", "reasoning_details", "thinking_blocks" -> thoughts.member(name);
            case "tool_calls" -> calls.list();
            case "function_call" -> calls.function();
            case "audio" -> audio();
            case "images" -> walk.array(() -> walk.object(PART, this::part));
            case "annotations" -> Annotations.read(walk, citations);
            default -> {}
        }
    }

    /** A string, or parts: Mistral sends its thoughts that way, and images come so. */
    private void content() throws MalformedJson {
        if (walk.token() != Token.START_ARRAY) {
            text.append(walk.text());
            return;
        }
        walk.array(() -> {
            if (walk.token() == Token.STRING) {
                text.append(walk.text());
            } else {
                walk.object(PART, this::part);
            }
        });
    }

    private void part(String name) throws MalformedJson {
        switch (name) {
            case "text" -> text.append(walk.text());
            case "refusal" -> refusal.append(walk.text());
            case "thinking" -> thoughts.ofMistral();
            case "image_url" -> image();
            case "audio" -> audio();
            default -> {}
        }
    }

    private void image() throws MalformedJson {
        if (walk.token() == Token.STRING) {
            image(walk.text());
        } else {
            walk.object(URL, name -> image(name.isEmpty() ? "" : walk.text()));
        }
    }

    private void image(String url) {
        if (!url.isEmpty()) {
            media.add(Part.Media.of(Part.Media.Kind.IMAGE, DataUrl.source(url)));
        }
    }

    /** What is heard is said in words too; its name is the id by which a later message refers to it. */
    private void audio() throws MalformedJson {
        audioId = "";
        audioData = "";
        walk.object(AUDIO, name -> {
            switch (name) {
                case "id" -> audioId = walk.text();
                case "data" -> audioData = walk.text();
                case "transcript" -> text.append(walk.text());
                default -> {}
            }
        });
        if (!audioData.isEmpty()) {
            Part.Source data = new Part.Source.Inline(AudioFormat.sniffed(audioData), audioData);
            media.add(new Part.Media(Part.Media.Kind.AUDIO, data, audioId, ""));
        }
    }
}
