package dev.understudy.client.http;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.plan.CallPlanner;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The planners of calls whose callers have accounts of their own: one for each address and key. Nearly all clients have one. */
final class OwnPlanners {
    private static final int MOST = 64;

    private final Settings settings;
    private final ResponseOwners owners;
    private final Map<List<OwnAccounts.Account>, Planner> planners = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<OwnAccounts.Account>, Planner> eldest) {
            return size() > MOST;
        }
    };

    /** A planner, and the names that it knows. */
    record Planner(CallPlanner planner, Catalog catalog) {}

    OwnPlanners(Settings settings, ResponseOwners owners) {
        this.settings = settings;
        this.owners = owners;
    }

    /** @param own the caller's accounts; they take the place of configured providers of the same name */
    synchronized Planner of(List<OwnAccounts.Account> own) {
        return planners.computeIfAbsent(own, accounts -> {
            Map<String, String> keys = new HashMap<>();
            accounts.forEach(each -> keys.put(each.provider().name(), each.identity()));
            Catalog catalog = Catalog.of(
                    settings.withProviders(
                            accounts.stream().map(OwnAccounts.Account::provider).toList()),
                    keys);
            return new Planner(
                    new CallPlanner(catalog, owners, settings.server().bounds().deadline()), catalog);
        });
    }
}
