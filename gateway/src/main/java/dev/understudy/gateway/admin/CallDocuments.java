package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.model.ModelPrice;
import dev.understudy.store.CallContents;
import dev.understudy.store.CallPage;
import dev.understudy.store.CallQuery;
import dev.understudy.store.CallRecord;
import dev.understudy.store.CallSummary;
import dev.understudy.store.StoreStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** Calls as the admin API has them. */
final class CallDocuments {
    private static final long USUAL_PAGE = 50;
    private static final long LARGEST_PAGE = 200;

    private CallDocuments() {}

    /** The query of a request. */
    static CallQuery query(AdminRequest request) throws AdminError {
        Optional<String> ending = request.text("ending");
        Optional<CallRecord.Ending> known = Arrays.stream(CallRecord.Ending.values())
                .filter(each -> ending.equals(Optional.of(each.wireName())))
                .findFirst();
        if (ending.isPresent() && known.isEmpty()) {
            throw AdminError.badRequest(
                    "invalid_parameter", "ending must be answered, failed, broken_off or caller_left");
        }
        return new CallQuery(
                request.text("model"),
                request.text("target"),
                known,
                request.text("rescued").filter("true"::equals).isPresent(),
                request.text("caller"),
                request.text("text"),
                request.text("before"),
                request.number("limit", 1, LARGEST_PAGE).orElse(USUAL_PAGE).intValue());
    }

    /** What a caller sent and received. */
    static ObjectNode contents(CallContents.Content content) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", content.id());
        json.put("at", content.at().toString());
        json.set("sent", part(content.sent()));
        json.set("received", part(content.received()));
        return json;
    }

    private static ObjectNode part(CallContents.Part part) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", part.type());
        json.put("bytes", part.bytes());
        json.put("cut", part.cut());
        json.put("text", part.text());
        return json;
    }

    static ObjectNode page(CallPage page) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode calls = json.putArray("calls");
        page.calls().forEach(call -> calls.add(row(call)));
        json.put("next", page.next().orElse(null));
        return json;
    }

    /** A call without its trail. */
    static ObjectNode row(CallRecord call) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("id", call.id());
        row.put("at", call.at().toString());
        row.put("caller", call.caller());
        row.put("model", call.model());
        row.put("vocabulary", call.vocabulary());
        row.put("stream", call.stream());
        row.put("ending", call.ending().wireName());
        row.put("status", call.status());
        row.put("target", call.target());
        row.put("ms", millis(call.duration()));
        if (call.firstContent().isPresent()) {
            row.put("first_content_ms", millis(call.firstContent().getAsLong()));
        }
        putIfKnown(row, "prompt_tokens", call.promptTokens());
        putIfKnown(row, "completion_tokens", call.completionTokens());
        if (call.cost().isPresent()) {
            row.put("cost_usd", dollars(call.cost().getAsLong()));
        }
        row.put("attempts", call.attempts());
        row.put("rescued", call.rescued());
        return row;
    }

    /** A call with all that is known of it. */
    static ObjectNode whole(CallRecord call) {
        ObjectNode json = row(call);
        ArrayNode trail = json.putArray("trail");
        for (CallRecord.Step step : call.trail()) {
            ObjectNode each = trail.addObject();
            each.put("target", step.target());
            each.put("outcome", step.outcome());
            putIfSet(each, "reason", step.reason());
            putIfSet(each, "kind", step.kind());
            putIfSet(each, "manner", step.manner());
            each.put("attempt", step.attempt());
            each.put("start_ms", millis(step.start()));
            each.put("ms", millis(step.duration()));
            step.status().ifPresent(status -> each.put("status", status));
            putIfSet(each, "message", step.message());
            putIfSet(each, "drill", step.drill());
        }
        json.put("summary", CallSentence.of(call));
        return json;
    }

    /**
     * The sums of a time.
     *
     * @param summary empty if the store cannot tell them
     * @param log how the log of calls is
     */
    static ObjectNode overview(Instant since, Optional<CallSummary> summary, ObjectNode log) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("since", summary.map(CallSummary::since).orElse(since).toString());
        json.put("calls", summary.map(CallSummary::calls).orElse(0L));
        json.put("answered", summary.map(CallSummary::answered).orElse(0L));
        json.put("rescued", summary.map(CallSummary::rescued).orElse(0L));
        json.put("failed", summary.map(CallSummary::failed).orElse(0L));
        json.put("broken_off", summary.map(CallSummary::brokenOff).orElse(0L));
        json.put("caller_left", summary.map(CallSummary::callerLeft).orElse(0L));
        ObjectNode added = json.putObject("added_ms");
        summary.map(CallSummary::added).ifPresent(times -> {
            times.p50().ifPresent(micros -> added.put("p50", millis(micros)));
            times.p99().ifPresent(micros -> added.put("p99", millis(micros)));
        });
        putUsage(json, summary.map(CallSummary::usage).orElse(new CallSummary.Usage(0, 0, 0)));
        ArrayNode targets = json.putArray("targets");
        summary.ifPresent(sums -> sums.targets().forEach(target -> {
            ObjectNode each = targets.addObject();
            each.put("target", target.target());
            each.put("attempts", target.attempts());
            each.put("answered", target.answered());
            each.put("failed", target.failed());
            putUsage(each, target.usage());
        }));
        json.set("log", log);
        return json;
    }

    static ObjectNode log(StoreStatus status) {
        return log(status.kept(), status.dropped(), status.available(), status.message());
    }

    static ObjectNode noLog(String reason) {
        return log(0, 0, false, reason);
    }

    private static ObjectNode log(long kept, long dropped, boolean available, String message) {
        ObjectNode log = JsonNodeFactory.instance.objectNode();
        log.put("kept", kept);
        log.put("dropped", dropped);
        log.put("state", available ? "ok" : "unavailable");
        log.put("message", message);
        return log;
    }

    private static void putUsage(ObjectNode json, CallSummary.Usage usage) {
        json.put("prompt_tokens", usage.promptTokens());
        json.put("completion_tokens", usage.completionTokens());
        json.put("cost_usd", dollars(usage.cost()));
    }

    private static void putIfKnown(ObjectNode json, String name, OptionalLong value) {
        if (value.isPresent()) {
            json.put(name, value.getAsLong());
        }
    }

    private static void putIfSet(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }

    private static String dollars(long picodollars) {
        return ModelPrice.dollars(picodollars).toPlainString();
    }

    private static long millis(long micros) {
        return (micros + 500) / 1000;
    }
}
