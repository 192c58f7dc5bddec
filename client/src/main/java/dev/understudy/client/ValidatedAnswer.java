package dev.understudy.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.upstream.AnswerJudge;
import dev.understudy.client.chain.AnswerValidator;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Shows the application's validator each complete answer. */
record ValidatedAnswer(AnswerValidator<CompletionRequest, Completion> validator, CompletionRequest request)
        implements AnswerJudge {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    public Optional<Failure> ofWhole(byte[] body) {
        try {
            return judge(Completion.of(
                    JSON.readTree(new String(body, StandardCharsets.UTF_8)), "", new CallTrail(List.of()), List.of()));
        } catch (JsonProcessingException invalid) {
            return Optional.of(Failure.of(FailureKind.INVALID_OUTPUT, "the answer is not JSON"));
        }
    }

    @Override
    public Optional<Failure> ofStream(byte[] frames) {
        ChunkParser parser = new ChunkParser();
        parser.feed(Bytes.of(frames));
        StringBuilder text = new StringBuilder();
        String finish = "";
        for (Optional<CompletionChunk> next = parser.next(); next.isPresent(); next = parser.next()) {
            text.append(next.get().text());
            finish = next.get().finishReason().isEmpty() ? finish : next.get().finishReason();
        }
        ObjectNode answer = JSON.createObjectNode();
        ObjectNode choice = answer.putArray("choices").addObject();
        choice.putObject("message").put("role", "assistant").put("content", text.toString());
        choice.put("finish_reason", finish);
        return judge(Completion.of(answer, "", new CallTrail(List.of()), List.of()));
    }

    private Optional<Failure> judge(Completion answer) {
        try {
            return validator.check(request, answer);
        } catch (RuntimeException rejected) {
            return Optional.of(Failure.of(
                    FailureKind.INVALID_OUTPUT,
                    "the validator failed: " + rejected.getClass().getSimpleName()));
        }
    }
}
