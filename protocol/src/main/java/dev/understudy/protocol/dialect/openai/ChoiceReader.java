package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Reads a choice of a chunk, or of a whole answer, and tells what it says. Which choice it is may stand behind what it
 * says, so that is told when all has been read.
 */
final class ChoiceReader {
    private static final NameTable CHOICE =
            NameTable.of("index", "delta", "message", "finish_reason", "logprobs", "error");
    private static final NameTable MESSAGE = NameTable.of(
            "content",
            "refusal",
            "reasoning_content",
            "reasoning",
            "thinking_blocks",
            "tool_calls",
            "function_call",
            "audio",
            "images",
            "annotations");
    private static final NameTable PART =
            NameTable.of("type", "text", "thinking", "refusal", "signature", "data", "origin", "image_url");
    private static final NameTable AUDIO = NameTable.of("data", "transcript");
    private static final NameTable ANNOTATION = NameTable.of("url_citation");
    private static final NameTable CITATION = NameTable.of("url", "title", "start_index", "end_index");
    private static final NameTable URL = NameTable.of("url");

    private final JsonWalk walk;
    private final Calls calls;
    private final List<IntFunction<StreamEvent>> said = new ArrayList<>();
    private int index;
    private String finish = "";
    private String logprobs = "";
    private boolean error;

    ChoiceReader(JsonWalk walk) {
        this.walk = walk;
        this.calls = new Calls(walk);
    }

    /**
     * Reads the choice that the walk stands on.
     *
     * @param position among the choices, which is its index if it does not say another
     */
    void read(int position, Consumer<StreamEvent> to) throws MalformedJson {
        said.clear();
        index = position;
        finish = "";
        logprobs = "";
        error = false;
        walk.object(CHOICE, this::member);
        for (IntFunction<StreamEvent> each : said) {
            to.accept(each.apply(index));
        }
        if (error) {
            finish = "error";
        }
        if (!finish.isEmpty()) {
            to.accept(new StreamEvent.Ended(index, FinishWord.read(finish)));
        }
    }

    /** Of the choice that was read last, as they came; empty if there are none. */
    String logprobs() {
        return logprobs;
    }

    int index() {
        return index;
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "index" -> index = Math.clamp(walk.whole(index), 0, Integer.MAX_VALUE);
            case "delta", "message" -> walk.object(MESSAGE, this::message);
            case "finish_reason" -> finish = walk.text();
            case "logprobs" -> logprobs = walk.token() == Token.START_OBJECT ? walk.json() : "";
            case "error" -> error = walk.token() == Token.START_OBJECT;
            default -> {}
        }
    }

    private void message(String name) throws MalformedJson {
        switch (name) {
            case "content" -> content();
            case "refusal" -> say(walk.text(), text -> choice -> new StreamEvent.RefusalDelta(choice, text));
            // DeepSeek and vLLM; OpenRouter and Groq.
            case "reasoning_content", "reasoning" -> thought(walk.text(), OpenAiDialect.NAME);
            case "thinking_blocks" -> walk.array(this::thinkingBlock);
            case "tool_calls" -> calls.list(said);
            case "function_call" -> calls.function(said);
            case "audio" -> audio();
            case "images" -> walk.array(this::image);
            case "annotations" -> walk.array(this::annotation);
            default -> {}
        }
    }

    /** A string, or parts, as Mistral sends its thoughts. */
    private void content() throws MalformedJson {
        if (walk.token() == Token.START_ARRAY) {
            walk.array(this::part);
        } else {
            text(walk.text());
        }
    }

    private void text(String text) {
        say(text, words -> choice -> new StreamEvent.TextDelta(choice, words, logprobs));
    }

    private void thought(String text, String origin) {
        say(text, words -> choice -> new StreamEvent.ThinkingDelta(choice, words, origin));
    }

    private void say(String text, Function<String, IntFunction<StreamEvent>> event) {
        if (!text.isEmpty()) {
            said.add(event.apply(text));
        }
    }

    private void part() throws MalformedJson {
        if (walk.token() == Token.STRING) {
            text(walk.text());
            return;
        }
        walk.object(PART, name -> {
            switch (name) {
                case "text" -> text(walk.text());
                case "refusal" -> say(walk.text(), words -> choice -> new StreamEvent.RefusalDelta(choice, words));
                case "thinking" -> {
                    if (walk.token() == Token.START_ARRAY) {
                        walk.array(() -> walk.object(PART, inner -> {
                            if (inner.equals("text")) {
                                thought(walk.text(), OpenAiDialect.NAME);
                            }
                        }));
                    } else {
                        thought(walk.text(), OpenAiDialect.NAME);
                    }
                }
                case "image_url" -> imageUrl();
                default -> {}
            }
        });
    }

    private void thinkingBlock() throws MalformedJson {
        String[] found = {"", "", "", "anthropic"};
        walk.object(PART, name -> {
            switch (name) {
                case "thinking" -> found[0] = walk.text();
                case "signature" -> found[1] = walk.text();
                case "data" -> found[2] = walk.text();
                case "origin" -> found[3] = walk.text();
                default -> {}
            }
        });
        // Its words came as reasoning_content too; what counts here is the seal.
        if (!found[1].isEmpty() || !found[2].isEmpty()) {
            said.add(choice -> new StreamEvent.ThinkingSealed(choice, found[1], found[2], found[3]));
        }
    }

    private void audio() throws MalformedJson {
        walk.object(AUDIO, name -> {
            switch (name) {
                case "data" ->
                    say(
                            walk.text(),
                            data -> choice -> new StreamEvent.MediaCame(
                                    choice,
                                    Part.Media.of(Part.Media.Kind.AUDIO, new Part.Source.Inline("audio/wav", data))));
                case "transcript" -> text(walk.text());
                default -> {}
            }
        });
    }

    private void image() throws MalformedJson {
        walk.object(PART, name -> {
            if (name.equals("image_url")) {
                imageUrl();
            }
        });
    }

    private void imageUrl() throws MalformedJson {
        if (walk.token() == Token.STRING) {
            picture(walk.text());
        } else {
            walk.object(URL, name -> {
                if (!name.isEmpty()) {
                    picture(walk.text());
                }
            });
        }
    }

    private void picture(String url) {
        say(
                url,
                where -> choice -> new StreamEvent.MediaCame(
                        choice, Part.Media.of(Part.Media.Kind.IMAGE, DataUrl.source(where, "image/png"))));
    }

    private void annotation() throws MalformedJson {
        walk.object(ANNOTATION, name -> {
            if (!name.isEmpty()) {
                citation();
            }
        });
    }

    private void citation() throws MalformedJson {
        String[] words = {"", ""};
        int[] range = {-1, -1};
        walk.object(CITATION, name -> {
            switch (name) {
                case "url" -> words[0] = walk.text();
                case "title" -> words[1] = walk.text();
                case "start_index" -> range[0] = Math.clamp(walk.whole(-1), -1, Integer.MAX_VALUE);
                case "end_index" -> range[1] = Math.clamp(walk.whole(-1), -1, Integer.MAX_VALUE);
                default -> {}
            }
        });
        said.add(choice -> new StreamEvent.Cited(
                choice, new Part.Citation(words[0], words[1], "", range[0], range[1], OpenAiDialect.NAME, "")));
    }
}
