package dev.understudy.protocol.dialect.completions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonCursor;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.json.ValueKind;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Turn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a request. Batches, tokens, {@code suffix} and {@code echo} have no form anywhere else. */
final class RequestReader {
    private static final Set<String> READ = Set.of(
            "model",
            "prompt",
            "stream",
            "stream_options",
            "max_tokens",
            "temperature",
            "top_p",
            "frequency_penalty",
            "presence_penalty",
            "seed",
            "stop",
            "n",
            "user",
            "suffix",
            "echo");

    private static final Set<String> FACTS = Set.of("model", "prompt", "suffix", "stream", "n", "max_tokens", "stop");

    /**
     * Members that ask for a value beside each token, which a stream of two parts would have in one of them only, and with places
     * that count from the wrong start.
     */
    private static final Set<String> TOLD_BY_TOKEN =
            Set.of("logprobs", "prompt_logprobs", "return_token_ids", "return_tokens_as_token_ids");

    /** Members of self-hosted servers to which the answer has to conform from its first character, as the rest of one does not. */
    private static final Set<String> CONSTRAINTS = Set.of(
            "response_format",
            "guided_json",
            "guided_regex",
            "guided_choice",
            "guided_grammar",
            "structured_outputs",
            "grammar",
            "json_schema",
            "regex",
            "ebnf");

    private RequestReader() {}

    static RequestFacts facts(Members members) throws BadRequest {
        for (int i = 0; i < members.size(); i++) {
            if (FACTS.contains(members.name(i)) && members.indexOf(members.name(i)) < i) {
                throw BadRequest.duplicate(members.name(i));
            }
        }
        int prompt = members.indexOf("prompt");
        if (prompt < 0) {
            throw BadRequest.missing("prompt", "The request has no 'prompt'. Send a text to complete.");
        }
        int stream = members.indexOf("stream");
        boolean streamed = stream >= 0 && members.kind(stream) == ValueKind.TRUE;
        if (stream >= 0
                && !streamed
                && members.kind(stream) != ValueKind.FALSE
                && members.kind(stream) != ValueKind.NULL) {
            throw BadRequest.invalid("stream", "'stream' must be true or false.");
        }
        OptionalLong n = count(members, "n");
        Prompts prompts = Prompts.of(members, prompt);
        long answers = n.orElse(1) * prompts.count();
        int stop = members.indexOf("stop");
        boolean stops = stop >= 0
                && members.kind(stop) != ValueKind.NULL
                && !members.json(stop).replace(" ", "").equals("[]");
        return RequestFacts.builder().stream(streamed)
                .choices(OptionalInt.of(Math.clamp(answers, 1, Integer.MAX_VALUE)))
                .maxTokens(count(members, "max_tokens"))
                .stopSequences(stops)
                .promptBytes(members.valueEnd(prompt) - members.valueStart(prompt))
                .notContinuable(!prompts.isOneText() || concernsWholeAnswer(members))
                .build();
    }

    /** Whether the request says anything that holds for the answer as a whole, and not for the rest of one. */
    private static boolean concernsWholeAnswer(Members members) {
        for (int i = 0; i < members.size(); i++) {
            String name = members.name(i);
            ValueKind kind = members.kind(i);
            if (kind == ValueKind.NULL || kind == ValueKind.FALSE) {
                continue;
            }
            if (TOLD_BY_TOKEN.contains(name) || CONSTRAINTS.contains(name) || name.equals("echo")) {
                return true;
            }
        }
        return count(members, "best_of").orElse(1) > 1;
    }

    /**
     * What a request is to be continued with; read without a tree, because a prompt of tokens is a long list.
     *
     * @param count how many there are: each of several prompts has its own answers
     * @param isOneText whether it is a text, to which the answer so far can be appended
     */
    private record Prompts(int count, boolean isOneText) {
        static Prompts of(Members members, int prompt) {
            if (members.kind(prompt) != ValueKind.ARRAY) {
                return new Prompts(1, members.kind(prompt) == ValueKind.STRING);
            }
            try {
                JsonCursor cursor = new JsonCursor(Integer.MAX_VALUE)
                        .over(members.body(), members.valueStart(prompt), members.valueEnd(prompt));
                cursor.next();
                Token first = cursor.next();
                if (first == Token.NUMBER) {
                    return new Prompts(1, false);
                }
                int count = 0;
                for (Token item = first; item != Token.END_ARRAY; item = cursor.next()) {
                    cursor.skipRest();
                    count++;
                }
                return new Prompts(Math.max(1, count), count == 1 && first == Token.STRING);
            } catch (MalformedJson impossible) {
                throw new IllegalStateException("the body has been scanned before", impossible);
            }
        }
    }

    private static OptionalLong count(Members members, String name) {
        int i = members.indexOf(name);
        if (i < 0 || members.kind(i) != ValueKind.NUMBER) {
            return OptionalLong.empty();
        }
        JsonNode number = JsonTrees.of(members.json(i));
        return number.canConvertToInt() && number.asInt() >= 0 ? OptionalLong.of(number.asInt()) : OptionalLong.empty();
    }

    static NeutralRequest read(byte[] bytes) throws BadRequest {
        JsonNode body = JsonTrees.read(bytes);
        JsonNode prompt = body.path("prompt");
        if (prompt.isArray() && prompt.size() == 1) {
            prompt = prompt.path(0);
        }
        if (!prompt.isTextual()) {
            throw onlyHere("prompt", "a prompt that is not a single text");
        }
        if (!body.path("suffix").asText("").isEmpty()) {
            throw onlyHere("suffix", "a prompt with a suffix");
        }
        if (body.path("echo").asBoolean(false)) {
            throw onlyHere("echo", "an answer that repeats the prompt");
        }
        return new NeutralRequest.Builder(List.of(Turn.of(Turn.Role.USER, Part.Text.of(prompt.asText()))))
                .sampling(sampling(body)).stream(body.path("stream").asBoolean(false))
                        .usageInStream(body.path("stream_options")
                                .path("include_usage")
                                .asBoolean(false))
                        .user(body.path("user").asText(""))
                        .others(others(body))
                        .build();
    }

    private static BadRequest onlyHere(String field, String what) {
        return BadRequest.invalid(
                field, "'" + field + "': only a target with the Completions API can serve " + what + ".");
    }

    private static Sampling sampling(JsonNode body) {
        List<String> stop = new ArrayList<>();
        if (body.path("stop").isTextual()) {
            stop.add(body.path("stop").asText());
        }
        body.path("stop").forEach(text -> stop.add(text.asText("")));
        return new Sampling.Builder()
                .maxTokens(whole(body.path("max_tokens")))
                .temperature(number(body.path("temperature")))
                .topP(number(body.path("top_p")))
                .frequencyPenalty(number(body.path("frequency_penalty")))
                .presencePenalty(number(body.path("presence_penalty")))
                .seed(whole(body.path("seed")))
                .stop(stop)
                .choices(
                        body.path("n").canConvertToInt() && body.path("n").asInt() > 0
                                ? OptionalInt.of(body.path("n").asInt())
                                : OptionalInt.empty())
                .build();
    }

    private static Optional<BigDecimal> number(JsonNode value) {
        return value.isNumber() ? Optional.of(value.decimalValue()) : Optional.empty();
    }

    private static OptionalLong whole(JsonNode value) {
        return value.canConvertToLong() ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
    }

    private static List<Other> others(JsonNode body) {
        List<Other> others = new ArrayList<>();
        body.properties().forEach(member -> {
            if (!READ.contains(member.getKey()) && !member.getValue().isNull()) {
                others.add(new Other(
                        CompletionsDialect.NAME,
                        member.getKey(),
                        member.getValue().toString()));
            }
        });
        return others;
    }
}
