package dev.understudy.protocol.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Checks the answers to one request.
 *
 * <p>For answers that are complete and already accepted otherwise; each of several choices has to pass. What is an answer
 * of another kind is not measured as text: a refusal passes, and so do calls of tools but for their own check.
 *
 * <p>A check has a {@link CheckBudget} and throws {@link CheckTooExpensive} when it is used up. It may take seconds, so it does not
 * belong on an event loop. Safe for use by many threads.
 *
 * <p>A failure's {@code code} names the check, such as {@code accept.json}. Nothing of the answer is repeated in it.
 */
public final class AnswerCheck {
    private final Acceptance acceptance;
    private final Members request;

    AnswerCheck(Acceptance acceptance, Members request) {
        this.acceptance = acceptance;
        this.request = request;
    }

    /** What is wrong with an answer that came as a whole, without content encoding; empty if nothing is. */
    public Optional<Failure> ofWhole(byte[] body) {
        CheckBudget budget = CheckBudget.beginning();
        budget.admitTree(body);
        return new Check(budget).of(AssembledAnswer.whole(body));
    }

    /** What is wrong with an answer that came as a stream, of which these are all events; empty if nothing is. */
    public Optional<Failure> ofStream(byte[] events) {
        CheckBudget budget = CheckBudget.beginning();
        return new Check(budget).of(AssembledAnswer.streamed(events));
    }

    /** One check. What it needs of the request is read here and not before, because that too can take long. */
    private final class Check {
        private final CheckBudget budget;
        private final Set<String> toolNames;
        private final Optional<RequestedFormat> format;

        Check(CheckBudget budget) {
            this.budget = budget;
            this.toolNames = acceptance.tools() ? toolNames() : Set.of();
            this.format = acceptance.json()
                    ? Optional.of(RequestedFormat.of(request, budget)).filter(RequestedFormat::json)
                    : Optional.empty();
        }

        private Set<String> toolNames() {
            Set<String> names = new HashSet<>();
            for (String list : List.of("tools", "functions")) {
                int index = request.indexOf(list);
                if (index >= 0) {
                    String tools = request.json(index);
                    budget.admitTree(tools);
                    for (JsonNode tool : JsonTrees.approximate(tools)) {
                        names.add(tool.path("name").asText(""));
                        names.add(tool.path("function").path("name").asText(""));
                        names.add(tool.path("custom").path("name").asText(""));
                    }
                }
            }
            names.remove("");
            return names;
        }

        Optional<Failure> of(AssembledAnswer answer) {
            return answer.choices().stream()
                    .map(this::of)
                    .flatMap(Optional::stream)
                    .findFirst();
        }

        private Optional<Failure> of(AssembledAnswer.Choice choice) {
            if (choice.refused()) {
                return Optional.empty();
            }
            if (!choice.calls().isEmpty()) {
                return acceptance.tools() ? calls(choice) : Optional.empty();
            }
            return json(choice).or(() -> words(choice.text()));
        }

        private Optional<Failure> calls(AssembledAnswer.Choice choice) {
            for (AssembledAnswer.ToolCall call : choice.calls()) {
                if (!toolNames.contains(call.name())) {
                    return wrong("tools", "The answer calls a tool that is not in the request");
                }
                if (!call.argumentsAreAnObject(budget)) {
                    return wrong("tools", "The arguments of a tool call are not a JSON object");
                }
            }
            return Optional.empty();
        }

        private Optional<Failure> json(AssembledAnswer.Choice choice) {
            if (format.isEmpty()) {
                return Optional.empty();
            }
            if (choice.cut()) {
                return wrong("json", "The answer reached its token limit before its JSON was complete");
            }
            return format.get().unmetBy(choice.text(), budget).flatMap(why -> wrong("json", why));
        }

        private Optional<Failure> words(String text) {
            if (text.codePointCount(0, text.length()) < acceptance.minLength()) {
                return wrong("min_length", "The answer is shorter than " + acceptance.minLength() + " characters");
            }
            if (acceptance.matches().isPresent() && !acceptance.matches().get().isIn(budget.metered(text))) {
                return wrong("matches", "The answer does not match the required pattern");
            }
            return Optional.empty();
        }
    }

    private static Optional<Failure> wrong(String check, String message) {
        return Optional.of(new Failure(
                FailureKind.INVALID_OUTPUT,
                0,
                new ErrorDetails(message, "", "", "accept." + check),
                OptionalLong.empty()));
    }
}
