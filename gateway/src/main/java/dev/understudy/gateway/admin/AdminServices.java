package dev.understudy.gateway.admin;

import dev.understudy.calls.work.WorkPool;
import dev.understudy.gateway.quota.LoginAttempts;
import dev.understudy.gateway.replicas.ReplicaStatus;
import dev.understudy.rehearsal.RehearsalProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the admin API of all event loops shares.
 *
 * @param rehearsal the rehearsal provider, which is started if it does not run yet
 * @param tests of connections to providers
 * @param logins wrong admin keys by address
 * @param work threads for what blocks, such as the store; few, so that a stalled store takes no others
 * @param resets tells gateways that share the store whose circuits were closed here, empty for all; does not wait
 * @param replicas how this gateway stands with its replicas; empty if it shares nothing
 */
public record AdminServices(
        Vertx vertx,
        AdminApi api,
        AdminEvents events,
        TryCalls tries,
        Supplier<Future<RehearsalProvider>> rehearsal,
        ProviderTests tests,
        LoginAttempts logins,
        WorkPool work,
        Consumer<Optional<String>> resets,
        Supplier<Optional<ReplicaStatus>> replicas) {}
