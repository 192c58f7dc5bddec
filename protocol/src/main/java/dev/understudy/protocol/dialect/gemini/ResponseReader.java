package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Tokens;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads a {@code GenerateContentResponse}: a whole answer, or one chunk of a stream, which has the same form. Can be used
 * again.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#generatecontentresponse">Gemini API: the response</a>
 */
final class ResponseReader {
    /** Deeper than any answer but one that attacks the stack of those who read it. */
    private static final int DEEPEST = 512;

    private static final NameTable RESPONSE = NameTable.of(
            "candidates", "promptFeedback", "usageMetadata", "modelVersion", "responseId", "createTime", "error");
    private static final NameTable FEEDBACK = NameTable.of("blockReason");
    private static final NameTable USAGE = NameTable.of(
            "promptTokenCount",
            "candidatesTokenCount",
            "thoughtsTokenCount",
            "cachedContentTokenCount",
            "toolUsePromptTokenCount");

    private final JsonWalk walk = new JsonWalk(DEEPEST);
    private final CandidateReader candidate = new CandidateReader(walk);

    final List<CandidateReader.Candidate> candidates = new ArrayList<>();
    String id = "";
    String model = "";
    OptionalLong created = OptionalLong.empty();
    Tokens tokens = Tokens.NONE;

    /** Why the prompt was refused; empty if it was not. */
    String blockReason = "";

    boolean isError;

    /** Whether anything in it belongs to an answer of this dialect. */
    boolean isResponse;

    /** Reads the object there, and nothing else. */
    void read(byte[] array, int offset, int length) throws MalformedJson {
        clear();
        try {
            walk.over(array, offset, offset + length);
            if (walk.token() == Token.START_ARRAY) {
                // An error that was sent to somebody who asked for no events.
                walk.array(this::response);
            } else {
                response();
            }
            if (!walk.isAtEnd()) {
                isResponse = false;
            }
        } finally {
            walk.release();
        }
    }

    private void clear() {
        candidates.clear();
        id = "";
        model = "";
        created = OptionalLong.empty();
        tokens = Tokens.NONE;
        blockReason = "";
        isError = false;
        isResponse = false;
    }

    private void response() throws MalformedJson {
        walk.object(RESPONSE, name -> {
            switch (name) {
                case "candidates" -> walk.array(() -> candidates.add(candidate.read()));
                case "promptFeedback" ->
                    walk.object(FEEDBACK, member -> {
                        if (member.equals("blockReason")) {
                            blockReason = walk.text();
                        }
                    });
                case "usageMetadata" -> usage();
                case "modelVersion" -> model = walk.text();
                case "responseId" -> id = walk.text();
                case "createTime" -> created = seconds(walk.text());
                case "error" -> isError = !walk.isNull();
                default -> {}
            }
            isResponse |= !name.isEmpty();
        });
    }

    private void usage() throws MalformedJson {
        long[] counts = {-1, -1, -1, -1, -1};
        walk.object(USAGE, name -> {
            switch (name) {
                case "promptTokenCount" -> counts[0] = walk.whole(-1);
                case "candidatesTokenCount" -> counts[1] = walk.whole(-1);
                case "thoughtsTokenCount" -> counts[2] = walk.whole(-1);
                case "cachedContentTokenCount" -> counts[3] = walk.whole(-1);
                case "toolUsePromptTokenCount" -> counts[4] = walk.whole(-1);
                default -> {}
            }
        });
        tokens = new Tokens(
                sum(counts[0], counts[4]),
                sum(counts[1], counts[2]),
                sum(counts[3], -1),
                OptionalLong.empty(),
                sum(counts[2], -1));
    }

    /** Of those that were counted. */
    private static OptionalLong sum(long one, long other) {
        if (one < 0 && other < 0) {
            return OptionalLong.empty();
        }
        long sum = Math.max(0, one) + Math.max(0, other);
        return OptionalLong.of(sum < 0 ? Long.MAX_VALUE : sum);
    }

    private static OptionalLong seconds(String time) {
        try {
            return time.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(OffsetDateTime.parse(time).toEpochSecond());
        } catch (DateTimeException noTime) {
            return OptionalLong.empty();
        }
    }
}
