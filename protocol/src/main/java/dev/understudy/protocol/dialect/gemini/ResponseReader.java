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
 * Reads a {@code GenerateContentResponse}: a whole answer or one chunk of a stream, which has the same form. It can be
 * reused.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#generatecontentresponse">Gemini API: the response</a>
 */
final class ResponseReader {
    /** Deeper than any answer that is not an attack. */
    private static final int DEEPEST = 512;

    private static final NameTable RESPONSE = NameTable.of(
            "candidates", "promptFeedback", "usageMetadata", "modelVersion", "responseId", "createTime", "error");
    private static final NameTable FEEDBACK = NameTable.of("blockReason");

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

    /** Whether any member belongs to an answer of this dialect. */
    boolean isResponse;

    /** Reads the only value there. */
    void read(byte[] array, int offset, int length) throws MalformedJson {
        clear();
        try {
            walk.over(array, offset, offset + length);
            if (walk.token() == Token.START_ARRAY) {
                // An error for a caller that did not ask for events.
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
                case "usageMetadata" -> tokens = UsageReader.read(walk);
                case "modelVersion" -> model = walk.text();
                case "responseId" -> id = walk.text();
                case "createTime" -> created = seconds(walk.text());
                case "error" -> isError = !walk.isNull();
                default -> {}
            }
            isResponse |= !name.isEmpty();
        });
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
