package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Credential;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import dev.understudy.protocol.options.FallbackOptions.Share;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tree of targets in a Portkey configuration. Its keys have two spellings, {@code override_params} and
 * {@code overrideParams}.
 *
 * <p>A target's name here is its {@code provider} (or {@code virtual_key}: both name something that is configured) and
 * the model of its {@code override_params}, else that of the request. The targets of a load-balancing node share its calls by
 * weight; a target that is a node itself has all of its own targets in one share, in order, or divided among them where it
 * balances too.
 */
final class PortkeyTargets {
    private static final int LOWEST_STATUS = 100;
    private static final int HIGHEST_STATUS = 599;

    private final OptionsSource request;
    private final List<Credential> keys = new ArrayList<>();
    private final Set<Integer> statuses = new LinkedHashSet<>();
    private boolean anyStatus;
    /** The key that came with each leaf, by identity: two accounts at one provider differ in nothing else. */
    private final IdentityHashMap<Fallback, Credential> ofLeaves = new IdentityHashMap<>();

    private int entries;

    PortkeyTargets(OptionsSource request) {
        this.request = request;
    }

    /** The keys that came with the targets that were read. */
    List<Credential> keys() {
        return keys;
    }

    /** All statuses that some node's strategy names ({@code on_status_codes}). */
    Set<Integer> statedStatuses() {
        return statuses;
    }

    /**
     * The only statuses of failures that continue the chain; empty for all. The tree is one chain here, so that the statuses
     * of its nodes are taken together, and a node that falls back on any status makes that hold for the chain.
     */
    Set<Integer> fallbackStatuses() {
        return anyStatus ? Set.of() : statuses;
    }

    private record Weighed(List<Fallback> leaves, BigDecimal weight) {}

    /** The targets of a node from left to right; a node without targets is one itself, if it has any setting of a target. */
    List<Fallback> leaves(FieldValue node) throws BadRequest {
        Optional<FieldValue> targets = node.get("targets");
        if (targets.isEmpty()) {
            return leaf(node);
        }
        if (CallerKeys.url(node, request).isPresent()) {
            throw BadRequest.invalid(
                    node.where(), "'" + node.where() + "' has an address beside its 'targets'. Set it in each target.");
        }
        String mode = mode(node);
        List<Weighed> children = new ArrayList<>();
        for (FieldValue target : targets.get().items()) {
            children.add(new Weighed(leaves(target), WeightedModels.weight(target)));
        }
        switch (mode) {
            case "fallback" -> {
                if (children.size() > 1) {
                    statuses(node);
                }
            }
            case "loadbalance" ->
                children.sort(Comparator.comparing(Weighed::weight).reversed());
            case "single" ->
                children.subList(Math.min(1, children.size()), children.size()).clear();
            default ->
                throw BadRequest.invalid(
                        node.where() + ".strategy.mode",
                        "'" + node.where() + ".strategy.mode' must be one of fallback, loadbalance, single.");
        }
        if (mode.equals("loadbalance") && children.size() > 1) {
            return shared(node.where(), children);
        }
        return children.stream().flatMap(child -> child.leaves().stream()).toList();
    }

    private List<Fallback> shared(String where, List<Weighed> children) {
        List<Fallback> leaves = new ArrayList<>();
        for (int i = 0; i < children.size(); i++) {
            Weighed child = children.get(i);
            double weight = WeightedModels.share(child.weight());
            boolean balances = balances(child.leaves());
            double inner = weights(child.leaves());
            for (Fallback leaf : child.leaves()) {
                Share own =
                        leaf.share().filter(share -> balances).orElse(new Share(where, "", inner, Optional.empty()));
                leaves.add(leaf.with(new Share(
                        where,
                        i + "/" + own.member(),
                        inner > 0 ? weight * own.weight() / inner : weight,
                        Optional.ofNullable(ofLeaves.get(leaf))
                                .or(() -> leaf.share().flatMap(Share::credential)))));
            }
        }
        return leaves;
    }

    /** Whether a node distributes its calls among all of its leaves. */
    private static boolean balances(List<Fallback> leaves) {
        return leaves.stream()
                                .map(leaf -> leaf.share().map(Share::group))
                                .distinct()
                                .count()
                        == 1
                && leaves.getFirst().share().isPresent();
    }

    /** The weights of the members in a node, each once. */
    private static double weights(List<Fallback> leaves) {
        return leaves.stream()
                .flatMap(leaf -> leaf.share().stream())
                .distinct()
                .mapToDouble(Share::weight)
                .sum();
    }

    /** The limit of a node. */
    static Optional<Duration> timeout(FieldValue node) throws BadRequest {
        return FieldValue.read(node.get("request_timeout", "requestTimeout"), FieldValue::millis);
    }

    private static String mode(FieldValue node) throws BadRequest {
        Optional<FieldValue> strategy = node.get("strategy");
        Optional<FieldValue> mode = strategy.isPresent() ? strategy.get().get("mode") : Optional.empty();
        return FieldValue.read(mode, FieldValue::name).orElse("single");
    }

    private void statuses(FieldValue node) throws BadRequest {
        Optional<FieldValue> strategy = node.get("strategy");
        Optional<FieldValue> codes =
                strategy.isPresent() ? strategy.get().get("on_status_codes", "onStatusCodes") : Optional.empty();
        if (codes.isEmpty()) {
            anyStatus = true;
            return;
        }
        List<FieldValue> items = codes.get().items();
        // An empty list counts as absent.
        anyStatus |= items.isEmpty();
        for (FieldValue code : items) {
            int status = code.count(HIGHEST_STATUS);
            if (status < LOWEST_STATUS) {
                throw code.wrong("an HTTP status from 100 to 599");
            }
            statuses.add(status);
        }
    }

    private List<Fallback> leaf(FieldValue node) throws BadRequest {
        Optional<FieldValue> params = node.get("override_params", "overrideParams");
        Optional<String> model =
                FieldValue.read(params.isPresent() ? params.get().get("model") : Optional.empty(), FieldValue::name);
        Optional<String> provider = FieldValue.read(node.get("provider"), FieldValue::name);
        if (provider.isEmpty()) {
            provider = FieldValue.read(node.get("virtual_key", "virtualKey"), FieldValue::name);
        }
        if (model.isEmpty() && provider.isEmpty()) {
            // Only settings of the call, such as a retry or a key for the model of the request.
            CallerKeys.in(node, request.model().orElse(""), request).ifPresent(keys::add);
            return List.of();
        }
        if (++entries > FallbackList.MOST) {
            throw FallbackList.tooMany(node);
        }
        String name = name(node, provider, model.isPresent() ? model : request.model());
        Fallback leaf = new Fallback(
                name, timeout(node), params.isPresent() ? FallbackList.overrides(params.get()) : List.of());
        CallerKeys.in(node, name, request).ifPresent(key -> {
            keys.add(key);
            ofLeaves.put(leaf, key);
        });
        return List.of(leaf);
    }

    private static String name(FieldValue node, Optional<String> provider, Optional<String> model) throws BadRequest {
        if (model.isEmpty()) {
            throw BadRequest.invalid(
                    node.where(),
                    "'" + node.where() + "' has no model. Name one in 'override_params' or in the request's 'model'.");
        }
        // Portkey's newer provider names begin with an @.
        String prefix = provider.map(name -> (name.startsWith("@") ? name.substring(1) : name) + "/")
                .orElse("");
        return prefix + model.get();
    }
}
