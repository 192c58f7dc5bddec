package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads a whole answer of Converse. */
final class AnswerReader {
    private static final int DEEPEST = 512;

    private static final NameTable ANSWER = NameTable.of(
            "output",
            "stopReason",
            "usage",
            "serviceTier",
            "additionalModelResponseFields",
            "message",
            "Message",
            "__type",
            // An error of a proxy in front of Amazon.
            "error");
    private static final NameTable MESSAGE = NameTable.of("message", "content");
    private static final NameTable BLOCK =
            NameTable.of("text", "toolUse", "reasoningContent", "citationsContent", "image");
    private static final NameTable TOOL = NameTable.of("toolUseId", "name", "type", "input");
    private static final NameTable REASONING = NameTable.of("reasoningText", "redactedContent", "text", "signature");
    private static final NameTable CITED = NameTable.of("content", "citations", "text");
    private static final NameTable IMAGE = NameTable.of("format", "source", "bytes");
    private static final NameTable TIER = NameTable.of("type");
    private static final NameTable EXTRA = NameTable.of("delta", "stop_sequence");

    private final JsonWalk walk = new JsonWalk(DEEPEST);
    private final List<Part> parts = new ArrayList<>();
    private boolean answered;
    private boolean refused;
    private String stopReason = "";
    private String stopSequence = "";
    private String tier = "";
    private Tokens tokens = Tokens.NONE;

    // The current block.
    private String text = "";
    private String id = "";
    private String name = "";
    private String kind = "";
    private String input = "";
    private String signature = "";
    private String hidden = "";

    private AnswerReader() {}

    static NeutralAnswer read(byte[] array, int offset, int length) throws InvalidAnswer {
        AnswerReader reader = new AnswerReader();
        try {
            return reader.answer(array, offset, length);
        } catch (MalformedJson notJson) {
            throw InvalidAnswer.malformed("the answer is not JSON");
        }
    }

    private NeutralAnswer answer(byte[] array, int offset, int length) throws MalformedJson, InvalidAnswer {
        walk.over(array, offset, offset + length);
        walk.object(ANSWER, this::member);
        if (!walk.isAtEnd()) {
            throw InvalidAnswer.malformed("there is data after the answer");
        }
        if (!answered) {
            throw refused
                    ? new InvalidAnswer(Classifier.inBand(array, offset, length))
                    : InvalidAnswer.malformed("the answer has no output.message");
        }
        return new NeutralAnswer(
                "",
                "",
                OptionalLong.empty(),
                List.of(new NeutralAnswer.Choice(0, parts, FinishReasons.read(stopReason, stopSequence), "")),
                tokens,
                tier);
    }

    private void member(String member) throws MalformedJson {
        switch (member) {
            case "output" ->
                walk.object(MESSAGE, output -> {
                    if (output.equals("message") && walk.token() == Token.START_OBJECT) {
                        answered = true;
                        walk.object(MESSAGE, message -> {
                            if (message.equals("content")) {
                                walk.array(this::block);
                            }
                        });
                    }
                });
            case "stopReason" -> stopReason = walk.text();
            case "usage" -> tokens = UsageReader.read(walk);
            case "serviceTier" -> walk.object(TIER, type -> tier = type.isEmpty() ? tier : walk.text());
            case "additionalModelResponseFields" -> walk.object(EXTRA, this::stopSequence);
            case "message", "Message", "__type", "error" -> refused = true;
            default -> {}
        }
    }

    private void stopSequence(String member) throws MalformedJson {
        switch (member) {
            case "delta" -> walk.object(EXTRA, this::stopSequence);
            case "stop_sequence" -> stopSequence = walk.text();
            default -> {}
        }
    }

    private void block() throws MalformedJson {
        int before = parts.size();
        kind = "";
        if (walk.token() != Token.START_OBJECT) {
            return;
        }
        walk.object(BLOCK, member -> {
            switch (member) {
                case "text" -> parts.add(Part.Text.of(walk.text()));
                case "toolUse" -> tool();
                case "reasoningContent" -> reasoning();
                case "citationsContent" -> cited();
                case "image" -> image();
                default -> kind = "block";
            }
        });
        if (parts.size() == before && !kind.isEmpty()) {
            // Its name is not kept: only a caller of the same dialect could use it.
            parts.add(new Part.Foreign(BedrockDialect.NAME, kind, "{}"));
        }
    }

    private void tool() throws MalformedJson {
        id = "";
        name = "";
        kind = "";
        input = "{}";
        walk.object(TOOL, member -> {
            switch (member) {
                case "toolUseId" -> id = walk.text();
                case "name" -> name = walk.text();
                case "type" -> kind = walk.text();
                case "input" -> input = walk.json();
                default -> {}
            }
        });
        parts.add(
                BedrockDialect.isProviderTool(kind)
                        ? new Part.Foreign(BedrockDialect.NAME, kind, "{}")
                        : Part.ToolCall.of(id, name, input));
    }

    private void reasoning() throws MalformedJson {
        text = "";
        signature = "";
        hidden = "";
        walk.object(REASONING, this::reasoning);
        parts.add(new Part.Reasoning(text, signature, hidden, BedrockDialect.NAME));
    }

    private void reasoning(String member) throws MalformedJson {
        switch (member) {
            case "reasoningText" -> walk.object(REASONING, this::reasoning);
            case "redactedContent" -> hidden = walk.text();
            case "text" -> text = walk.text();
            case "signature" -> signature = walk.text();
            default -> {}
        }
    }

    private void cited() throws MalformedJson {
        StringBuilder words = new StringBuilder();
        List<String> sources = new ArrayList<>();
        walk.object(CITED, member -> {
            switch (member) {
                case "content" ->
                    walk.array(() -> walk.object(CITED, content -> {
                        if (content.equals("text")) {
                            words.append(walk.text());
                        }
                    }));
                case "citations" ->
                    walk.array(() -> {
                        if (walk.token() == Token.START_OBJECT) {
                            sources.add(walk.json());
                        }
                    });
                default -> {}
            }
        });
        List<Part.Citation> citations = new ArrayList<>();
        for (String source : sources) {
            citations.add(Citations.read(source, words.length()));
        }
        parts.add(new Part.Text(words.toString(), citations));
    }

    private void image() throws MalformedJson {
        text = "";
        kind = "";
        walk.object(IMAGE, this::imageMember);
        if (!text.isEmpty()) {
            parts.add(Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Inline("image/" + kind, text)));
        }
    }

    private void imageMember(String member) throws MalformedJson {
        switch (member) {
            case "format" -> kind = walk.text();
            case "source" -> walk.object(IMAGE, this::imageMember);
            case "bytes" -> text = walk.text();
            default -> {}
        }
    }

    /**
     * Reads and writes citations: {@code {title, source, sourceContent:[{text}], location:{web:{url}|documentPage:…}}}.
     */
    static final class Citations {
        private static final int DEEPEST = 64;
        private static final NameTable NAMES = NameTable.of("title", "source", "sourceContent", "location");
        private static final NameTable TEXT = NameTable.of("text");
        private static final NameTable WEB = NameTable.of("web");
        private static final NameTable URL = NameTable.of("url");

        private final JsonWalk walk = new JsonWalk(DEEPEST);
        private String title = "";
        private String source = "";
        private String url = "";
        private final StringBuilder quote = new StringBuilder();

        private Citations() {}

        /**
         * Reads one.
         *
         * @param json the object
         * @param to the end of the cited text, which begins at 0; -1 if unknown
         */
        static Part.Citation read(String json, int to) throws MalformedJson {
            return new Citations().citation(json, to);
        }

        private Part.Citation citation(String json, int to) throws MalformedJson {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            walk.over(bytes, 0, bytes.length);
            walk.object(NAMES, name -> {
                switch (name) {
                    case "title" -> title = walk.text();
                    case "source" -> source = walk.text();
                    case "sourceContent" ->
                        walk.array(() -> walk.object(TEXT, text -> {
                            if (!text.isEmpty()) {
                                quote.append(walk.text());
                            }
                        }));
                    case "location" ->
                        walk.object(WEB, web -> {
                            if (!web.isEmpty()) {
                                walk.object(URL, found -> url = found.isEmpty() ? url : walk.text());
                            }
                        });
                    default -> {}
                }
            });
            return new Part.Citation(
                    url,
                    title.isEmpty() ? source : title,
                    quote.toString(),
                    to < 0 ? -1 : 0,
                    to,
                    BedrockDialect.NAME,
                    json);
        }

        /** Writes one; Bedrock's own is unchanged. */
        static void write(JsonGenerator json, Part.Citation citation) throws IOException {
            if (citation.dialect().equals(BedrockDialect.NAME)) {
                json.writeRawValue(citation.json());
                return;
            }
            json.writeStartObject();
            if (!citation.title().isEmpty()) {
                json.writeStringField("title", citation.title());
            }
            if (!citation.quote().isEmpty()) {
                json.writeArrayFieldStart("sourceContent");
                json.writeStartObject();
                json.writeStringField("text", citation.quote());
                json.writeEndObject();
                json.writeEndArray();
            }
            if (!citation.url().isEmpty()) {
                json.writeObjectFieldStart("location");
                json.writeObjectFieldStart("web");
                json.writeStringField("url", citation.url());
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndObject();
        }
    }
}
