package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import java.util.Optional;

/** Reads the members of an event of any type: the type may come after all the others. */
final class EventReader {
    private static final NameTable MEMBERS = NameTable.of(
            "type",
            "sequence_number",
            "output_index",
            "delta",
            "text",
            "refusal",
            "arguments",
            "logprobs",
            "annotation",
            "item",
            "response",
            "error");
    private static final NameTable ITEM = NameTable.of("item");

    /** Types that occur for each token, which are recognized without making a string. */
    private static final NameTable FREQUENT = NameTable.of(
            "response.output_text.delta",
            "response.function_call_arguments.delta",
            "response.reasoning_summary_text.delta",
            "response.reasoning_text.delta",
            "response.refusal.delta");

    private final JsonWalk walk = new JsonWalk(ResponsesDialect.MAX_DEPTH);
    private boolean hasDelta;
    private boolean needsDelta;

    String type = "";
    long sequence = -1;
    long output;
    String delta = "";
    String text = "";
    String refusal = "";
    String arguments = "";
    String logprobs = "";
    String annotation = "";
    boolean hasError;
    Optional<ResponseReader.OutputItem> item = Optional.empty();
    Optional<ResponseReader> response = Optional.empty();

    /** @return false if the frame is no well-formed JSON object, or has no delta where its type requires one */
    boolean read(Frame frame) {
        clear();
        try {
            walk.over(frame.array(), frame.offset(), frame.offset() + frame.length());
            if (walk.token() != Token.START_OBJECT) {
                return false;
            }
            walk.object(MEMBERS, this::member);
            return walk.isAtEnd() && (hasDelta || !needsDelta);
        } catch (MalformedJson broken) {
            return false;
        } finally {
            walk.release();
        }
    }

    /** The event's item as JSON. */
    static String itemJson(Frame frame) {
        JsonWalk walk = new JsonWalk(ResponsesDialect.MAX_DEPTH);
        String[] json = {"{}"};
        try {
            walk.over(frame.array(), frame.offset(), frame.offset() + frame.length());
            walk.object(ITEM, name -> {
                if (!name.isEmpty()) {
                    json[0] = walk.json();
                }
            });
        } catch (MalformedJson impossible) {
            // The frame has been read before.
            return "{}";
        }
        return json[0];
    }

    private void clear() {
        hasDelta = false;
        needsDelta = false;
        type = "";
        sequence = -1;
        output = 0;
        delta = "";
        text = "";
        refusal = "";
        arguments = "";
        logprobs = "";
        annotation = "";
        hasError = false;
        item = Optional.empty();
        response = Optional.empty();
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "type" -> type = type();
            case "sequence_number" -> sequence = walk.whole(-1);
            case "output_index" -> output = walk.whole(0);
            case "delta" -> {
                hasDelta = walk.token() == Token.STRING;
                delta = walk.text();
            }
            case "text" -> text = walk.text();
            case "refusal" -> refusal = walk.text();
            case "arguments" -> arguments = walk.text();
            case "logprobs" -> logprobs = walk.json();
            case "annotation" -> annotation = walk.token() == Token.START_OBJECT ? walk.json() : "";
            case "item" -> {
                if (walk.token() == Token.START_OBJECT) {
                    item = Optional.of(ResponseReader.OutputItem.read(walk));
                }
            }
            case "response" -> {
                if (walk.token() == Token.START_OBJECT) {
                    response = Optional.of(ResponseReader.frame(walk));
                }
            }
            case "error" -> hasError = !walk.isNull();
            default -> {}
        }
    }

    private String type() throws MalformedJson {
        String frequent = walk.among(FREQUENT);
        needsDelta = !frequent.isEmpty();
        return needsDelta ? frequent : walk.text();
    }
}
