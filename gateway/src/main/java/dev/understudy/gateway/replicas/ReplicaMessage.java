package dev.understudy.gateway.replicas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.engine.CircuitId;
import dev.understudy.engine.CircuitNews;
import dev.understudy.engine.Disposition.Scope;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.HedgingBudget;
import dev.understudy.engine.RetryBudget;
import dev.understudy.engine.Target;
import dev.understudy.gateway.quota.SharedLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a replica tells the others, as JSON. Times are in milliseconds and relative. A reader ignores what it does not know, so that
 * gateways of different versions can share.
 *
 * @param from the replica
 * @param sentAt by its own clock, for itself
 * @param circuits what opened and closed
 * @param retries what changed the retry budgets
 * @param hedges what changed the hedging budget
 * @param limits what is left in the buckets of limits
 */
record ReplicaMessage(
        String from,
        long sentAt,
        List<CircuitNews> circuits,
        List<RetryBudget.Use> retries,
        HedgingBudget.Use hedges,
        List<SharedLimits.Left> limits) {

    private static final HedgingBudget.Use NO_HEDGES = new HedgingBudget.Use(0, 0);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** No replica writes a longer list; of a longer one the rest is ignored. */
    static final int MOST_ENTRIES = 200;

    ReplicaMessage {
        circuits = List.copyOf(circuits);
        retries = List.copyOf(retries);
        limits = List.copyOf(limits);
    }

    static ReplicaMessage ofCircuits(String from, List<CircuitNews> circuits) {
        return new ReplicaMessage(from, System.nanoTime(), circuits, List.of(), NO_HEDGES, List.of());
    }

    static ReplicaMessage ofUse(
            String from, List<RetryBudget.Use> retries, HedgingBudget.Use hedges, List<SharedLimits.Left> limits) {
        return new ReplicaMessage(from, System.nanoTime(), List.of(), retries, hedges, limits);
    }

    /** Whether there is nothing in it. */
    boolean isEmpty() {
        return circuits.isEmpty() && retries.isEmpty() && limits.isEmpty() && hedges.equals(NO_HEDGES);
    }

    /** @param accounts what is about other accounts is left out */
    String json(Accounts accounts) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("from", from).put("sent", sentAt);
        circuits.forEach(news -> accounts.of(news.circuit())
                .ifPresent(
                        account -> message.withArray("circuits").add(node(news).put("account", account))));
        for (RetryBudget.Use use : retries) {
            Target target = use.target();
            accounts.ofCredential(target.credential())
                    .ifPresent(account -> message.withArray("retries")
                            .addObject()
                            .put("account", account)
                            .put("provider", target.provider())
                            .put("model", target.model())
                            .put("credential", target.credential())
                            .put("site", target.site())
                            .put("failures", use.failures())
                            .put("successes", use.successes()));
        }
        if (!hedges.equals(NO_HEDGES)) {
            message.putObject("hedging").put("calls", hedges.calls()).put("hedges", hedges.hedges());
        }
        limits.forEach(left -> message.withArray("limits")
                .addObject()
                .put("bucket", left.bucket())
                .put("left", left.remaining())
                .put("age_ms", millis(left.age())));
        return message.toString();
    }

    private static ObjectNode node(CircuitNews news) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("scope", news.circuit().scope().name().toLowerCase(Locale.ROOT))
                .put("credential", news.circuit().credential())
                .put("name", news.circuit().name());
        return switch (news) {
            case CircuitNews.Closed closed -> node.put("state", "closed").put("age_ms", millis(closed.age()));
            case CircuitNews.Opened opened ->
                node.put("state", "open")
                        .put("because", opened.because().wireName())
                        .put("remaining_ms", millis(opened.remaining()))
                        .put("binding_ms", millis(opened.binding()))
                        .put("hinted", opened.hinted())
                        .put("trips", opened.trips())
                        .put("age_ms", millis(opened.age()));
        };
    }

    /**
     * Reads a message.
     *
     * @param accounts what is about other accounts is left out
     * @return empty if it is none
     */
    static Optional<ReplicaMessage> read(String text, Accounts accounts) {
        JsonNode message;
        try {
            message = JSON.readTree(text);
        } catch (JsonProcessingException noJson) {
            return Optional.empty();
        }
        if (!message.path("from").isTextual()) {
            return Optional.empty();
        }
        List<CircuitNews> circuits = new ArrayList<>();
        List<RetryBudget.Use> retries = new ArrayList<>();
        List<SharedLimits.Left> limits = new ArrayList<>();
        entries(message, "circuits").forEach(node -> circuit(node, accounts).ifPresent(circuits::add));
        entries(message, "retries").forEach(node -> use(node, accounts).ifPresent(retries::add));
        entries(message, "limits")
                .forEach(node -> limits.add(new SharedLimits.Left(
                        node.path("bucket").asText(), node.path("left").asDouble(), nanos(node, "age_ms"))));
        JsonNode hedging = message.path("hedging");
        return Optional.of(new ReplicaMessage(
                message.path("from").asText(),
                message.path("sent").asLong(),
                circuits,
                retries,
                new HedgingBudget.Use(count(hedging, "calls"), count(hedging, "hedges")),
                limits));
    }

    private static List<JsonNode> entries(JsonNode message, String name) {
        List<JsonNode> entries = new ArrayList<>();
        for (JsonNode each : message.path(name)) {
            if (entries.size() < MOST_ENTRIES) {
                entries.add(each);
            }
        }
        return entries;
    }

    private static Optional<CircuitNews> circuit(JsonNode node, Accounts accounts) {
        Optional<Scope> scope = named(Scope.values(), node.path("scope").asText());
        if (scope.isEmpty()) {
            return Optional.empty();
        }
        CircuitId circuit = new CircuitId(
                scope.get(), node.path("credential").asText(), node.path("name").asText());
        if (!isSame(accounts.of(circuit), node)) {
            return Optional.empty();
        }
        if (node.path("state").asText().equals("closed")) {
            return Optional.of(new CircuitNews.Closed(circuit, nanos(node, "age_ms")));
        }
        return named(FailureKind.values(), node.path("because").asText())
                .filter(because -> node.path("state").asText().equals("open"))
                .map(because -> new CircuitNews.Opened(
                        circuit,
                        because,
                        nanos(node, "remaining_ms"),
                        nanos(node, "binding_ms"),
                        node.path("hinted").asBoolean(),
                        node.path("trips").asInt(),
                        nanos(node, "age_ms")));
    }

    private static <E extends Enum<E>> Optional<E> named(E[] values, String name) {
        for (E value : values) {
            if (value.name().equalsIgnoreCase(name)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    private static Optional<RetryBudget.Use> use(JsonNode node, Accounts accounts) {
        String credential = node.path("credential").asText();
        if (!isSame(accounts.ofCredential(credential), node)) {
            return Optional.empty();
        }
        Target target = new Target(
                node.path("provider").asText(),
                node.path("model").asText(),
                credential,
                node.path("site").asText());
        return Optional.of(new RetryBudget.Use(target, count(node, "failures"), count(node, "successes")));
    }

    private static boolean isSame(Optional<String> account, JsonNode node) {
        return account.isPresent() && account.get().equals(node.path("account").asText());
    }

    private static long count(JsonNode node, String name) {
        return Math.clamp(node.path(name).asLong(), 0, 1_000_000_000);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static long nanos(JsonNode node, String name) {
        return TimeUnit.MILLISECONDS.toNanos(Math.clamp(node.path(name).asLong(), 0, TimeUnit.DAYS.toMillis(1)));
    }
}
