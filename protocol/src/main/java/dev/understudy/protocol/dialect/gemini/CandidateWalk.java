package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a candidate: its content, why it ended and what it rests on. */
final class CandidateWalk {
    private static final NameTable CANDIDATE =
            NameTable.of("content", "finishReason", "index", "groundingMetadata", "citationMetadata", "logprobsResult");
    private static final NameTable CONTENT = NameTable.of("parts");
    private static final NameTable PART = NameTable.of(
            "text",
            "thought",
            "thoughtSignature",
            "functionCall",
            "inlineData",
            "fileData",
            "executableCode",
            "codeExecutionResult");
    private static final NameTable CALL = NameTable.of("id", "name", "args", "partialArgs", "willContinue");
    private static final NameTable ARGUMENT =
            NameTable.of("jsonPath", "stringValue", "numberValue", "boolValue", "nullValue");
    private static final NameTable MEDIA = NameTable.of("mimeType", "data", "fileUri");

    private static final Piece.Call NO_CALL = new Piece.Call("", "", "", List.of(), false, "");

    private final JsonWalk walk;
    private final GroundingWalk grounding;
    private final LogprobsWalk logprobs;

    // Of the part at hand.
    private String text = "";
    private boolean hasText;
    private boolean thought;
    private String signature = "";
    private Piece.Call call = NO_CALL;
    private Optional<Part> whole = Optional.empty();

    CandidateWalk(JsonWalk walk) {
        this.walk = walk;
        this.grounding = new GroundingWalk(walk);
        this.logprobs = new LogprobsWalk(walk);
    }

    /** Reads the candidate that the walk stands on. */
    Candidate read() throws MalformedJson {
        Candidate read = new Candidate();
        walk.object(CANDIDATE, name -> {
            switch (name) {
                case "content" -> content(read);
                case "finishReason" -> read.finishReason = walk.text();
                // More than the eight that Gemini gives are none of its answers, and would only take memory.
                case "index" -> read.index = (int) Math.max(0, Math.min(1023, walk.whole(0)));
                case "groundingMetadata" -> grounding.grounding(read.citations);
                case "citationMetadata" -> grounding.citations(read.citations);
                case "logprobsResult" -> read.logprobs = logprobs.read();
                default -> {}
            }
        });
        return read;
    }

    private void content(Candidate read) throws MalformedJson {
        walk.object(CONTENT, name -> {
            if (name.equals("parts")) {
                walk.array(() -> part(read));
            }
        });
    }

    private void part(Candidate read) throws MalformedJson {
        text = "";
        hasText = false;
        thought = false;
        signature = "";
        call = NO_CALL;
        whole = Optional.empty();
        boolean[] isCall = {false};
        walk.object(PART, name -> {
            switch (name) {
                case "text" -> {
                    hasText = walk.token() == Token.STRING;
                    text = walk.text();
                }
                case "thought" -> thought = walk.isTrue();
                case "thoughtSignature" -> signature = walk.text();
                case "functionCall" -> {
                    isCall[0] = walk.token() == Token.START_OBJECT;
                    call();
                }
                case "inlineData" -> media(true);
                case "fileData" -> media(false);
                case "executableCode", "codeExecutionResult" ->
                    whole = Optional.of(
                            new Part.Foreign(GeminiDialect.NAME, name, "{\"" + name + "\":" + walk.json() + "}"));
                default -> {}
            }
        });
        if (isCall[0]) {
            read.pieces.add(
                    new Piece.Call(call.id(), call.name(), call.args(), call.more(), call.willContinue(), signature));
        } else if (whole.isPresent()) {
            read.pieces.add(new Piece.Whole(whole.get()));
        } else if (hasText && thought) {
            read.pieces.add(new Piece.Thought(text, signature));
        } else if (hasText) {
            // The signature of mere words may be sent back, but need not; nobody but Google could.
            read.pieces.add(new Piece.Words(text));
        }
    }

    private void call() throws MalformedJson {
        List<Piece.Argument> more = new ArrayList<>();
        String[] read = {"", "", ""};
        boolean[] willContinue = {false};
        walk.object(CALL, name -> {
            switch (name) {
                case "id" -> read[0] = walk.text();
                case "name" -> read[1] = walk.text();
                case "args" -> read[2] = walk.token() == Token.START_OBJECT ? walk.json() : "";
                case "partialArgs" -> walk.array(() -> argument(more));
                case "willContinue" -> willContinue[0] = walk.isTrue();
                default -> {}
            }
        });
        call = new Piece.Call(read[0], read[1], read[2], more, willContinue[0], "");
    }

    private void argument(List<Piece.Argument> more) throws MalformedJson {
        String[] read = {"", ""};
        walk.object(ARGUMENT, name -> {
            switch (name) {
                case "jsonPath" -> read[0] = walk.text();
                case "stringValue", "numberValue", "boolValue" -> read[1] = walk.json();
                case "nullValue" -> read[1] = "null";
                default -> {}
            }
        });
        if (!read[1].isEmpty()) {
            more.add(new Piece.Argument(read[0], read[1]));
        }
    }

    private void media(boolean inline) throws MalformedJson {
        String[] read = {"", "", ""};
        walk.object(MEDIA, name -> {
            switch (name) {
                case "mimeType" -> read[0] = walk.text();
                case "data" -> read[1] = walk.text();
                case "fileUri" -> read[2] = walk.text();
                default -> {}
            }
        });
        whole = Optional.of(inline ? MediaTypes.inline(read[0], read[1]) : MediaTypes.file(read[0], read[2]));
    }
}
