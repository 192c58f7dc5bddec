package dev.understudy.protocol.dialect.completions;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** A {@code text_completion}: whole answers and chunks have the same form. */
final class Completion {
    private static final int DEEPEST = 1_000;
    private static final int HIGHEST_INDEX = 1023;
    private static final NameTable MEMBERS =
            NameTable.of("id", "model", "created", "choices", "usage", "error", "object");
    private static final NameTable CHOICE = NameTable.of("index", "text", "finish_reason");
    private static final NameTable COUNTS = NameTable.of("prompt_tokens", "completion_tokens");
    private static final NameTable ERROR = NameTable.of("error");

    /** One of the texts, or a piece of one. */
    record Choice(int index, String text, String finish) {}

    final List<Choice> choices = new ArrayList<>();
    String id = "";
    String model = "";
    OptionalLong created = OptionalLong.empty();
    Tokens tokens = Tokens.NONE;
    boolean hasChoices;
    boolean error;
    private final JsonWalk walk = new JsonWalk(DEEPEST);

    /** Reads; false if the bytes are not one whole JSON object. */
    boolean read(byte[] array, int offset, int length) {
        try {
            walk.over(array, offset, offset + length);
            boolean object = walk.token() == Token.START_OBJECT;
            walk.object(MEMBERS, this::member);
            return object && walk.isAtEnd();
        } catch (MalformedJson notJson) {
            // The result says that it is broken; the offset is of no use to the caller.
            return false;
        } finally {
            walk.release();
        }
    }

    /** Reads a whole completion. */
    static NeutralAnswer answer(byte[] array, int offset, int length) throws InvalidAnswer {
        Completion completion = new Completion();
        if (!completion.read(array, offset, length)) {
            throw InvalidAnswer.malformed("Truncated or invalid JSON instead of a completion");
        }
        if (completion.error) {
            throw new InvalidAnswer(Classifier.inBand(array, offset, length));
        }
        if (!completion.hasChoices) {
            throw InvalidAnswer.malformed("A JSON object that is not a completion");
        }
        List<NeutralAnswer.Choice> choices = completion.choices.stream()
                .map(choice -> new NeutralAnswer.Choice(
                        choice.index(),
                        choice.text().isEmpty() ? List.of() : List.of(Part.Text.of(choice.text())),
                        finish(choice.finish()),
                        ""))
                .toList();
        return new NeutralAnswer(completion.id, completion.model, completion.created, choices, completion.tokens, "");
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "id" -> id = walk.text();
            case "model" -> model = walk.text();
            case "created" -> {
                long seconds = walk.whole(-1);
                created = seconds > 0 ? OptionalLong.of(seconds) : OptionalLong.empty();
            }
            case "choices" -> {
                hasChoices = true;
                walk.array(this::choice);
            }
            case "usage" -> {
                long[] counts = {-1, -1};
                walk.object(COUNTS, count -> {
                    if (!count.isEmpty()) {
                        counts[count.equals("prompt_tokens") ? 0 : 1] = walk.whole(-1);
                    }
                });
                tokens = new Tokens(
                        counted(counts[0]),
                        counted(counts[1]),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty());
            }
            case "error" -> error |= !walk.isNull();
            case "object" -> error |= !walk.among(ERROR).isEmpty();
            default -> {}
        }
    }

    private void choice() throws MalformedJson {
        int[] index = {choices.size()};
        String[] said = {"", ""};
        walk.object(CHOICE, name -> {
            switch (name) {
                case "index" -> index[0] = Math.clamp(walk.whole(0), 0, HIGHEST_INDEX);
                case "text" -> said[0] = walk.text();
                case "finish_reason" -> said[1] = walk.text();
                default -> {}
            }
        });
        choices.add(new Choice(index[0], said[0], said[1]));
    }

    private static OptionalLong counted(long tokens) {
        return tokens < 0 ? OptionalLong.empty() : OptionalLong.of(tokens);
    }

    static Finish finish(String word) {
        Finish.Reason reason = switch (word.toLowerCase(Locale.ROOT)) {
            case "stop" -> Finish.Reason.STOP;
            case "length" -> Finish.Reason.LENGTH;
            case "content_filter" -> Finish.Reason.CONTENT_FILTER;
            case "error", "abort", "insufficient_system_resource" -> Finish.Reason.BREAKDOWN;
            default -> Finish.Reason.OTHER;
        };
        return Finish.of(reason, word);
    }

    static String word(Finish finish) {
        return switch (finish.reason()) {
            case STOP, STOP_SEQUENCE, TOOL_CALLS, OTHER -> "stop";
            case LENGTH, PAUSE -> "length";
            case CONTENT_FILTER, REFUSAL -> "content_filter";
            case BREAKDOWN -> "error";
        };
    }

    static void writeChoice(JsonGenerator json, int index, String text, String finish) throws IOException {
        json.writeStartObject();
        json.writeStringField("text", text);
        json.writeNumberField("index", index);
        json.writeNullField("logprobs");
        if (finish.isEmpty()) {
            json.writeNullField("finish_reason");
        } else {
            json.writeStringField("finish_reason", finish);
        }
        json.writeEndObject();
    }

    static void writeUsage(JsonGenerator json, Tokens tokens) throws IOException {
        if (tokens.total().isPresent()) {
            json.writeObjectFieldStart("usage");
            json.writeNumberField("prompt_tokens", tokens.prompt().orElse(0));
            json.writeNumberField("completion_tokens", tokens.completion().orElse(0));
            json.writeNumberField("total_tokens", tokens.total().orElse(0));
            json.writeEndObject();
        }
    }

    static void writeHead(JsonGenerator json, String id, long created, String model) throws IOException {
        json.writeStringField("id", id.isEmpty() ? "cmpl-" + created : id);
        json.writeStringField("object", "text_completion");
        json.writeNumberField("created", created);
        json.writeStringField("model", model);
    }

    /** Writes a whole completion, which has a place for text and for nothing else. */
    static byte[] write(NeutralAnswer answer, RequestContext context) {
        return JsonOut.bytes(json -> {
            json.writeStartObject();
            writeHead(json, answer.id(), answer.created().orElse(context.now()), answer.model());
            json.writeArrayFieldStart("choices");
            for (NeutralAnswer.Choice choice : answer.choices()) {
                StringBuilder text = new StringBuilder();
                for (Part part : choice.parts()) {
                    if (part instanceof Part.Text some) {
                        text.append(some.text());
                    } else if (part instanceof Part.Refusal refusal) {
                        text.append(refusal.text());
                    }
                }
                writeChoice(json, choice.index(), text.toString(), word(choice.finish()));
            }
            json.writeEndArray();
            writeUsage(json, answer.tokens());
            json.writeEndObject();
        });
    }
}
