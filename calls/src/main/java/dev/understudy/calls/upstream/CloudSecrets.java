package dev.understudy.calls.upstream;

import dev.understudy.protocol.failure.SecretsInUse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The credentials with which cloud accounts authorize requests, which change while the process runs: the current ones of each
 * account and those before them are kept out of errors. Safe for use by many threads. Its map needs no bound: its keys are the
 * accounts of the configuration.
 */
final class CloudSecrets implements AutoCloseable {
    /** The current ones, and those with which requests may still be in progress. */
    private static final int KEPT = 2;

    private final Map<Object, Deque<Used>> byAccount = new HashMap<>();

    private record Used(List<String> secrets, SecretsInUse.Registration registration) {}

    /** A request is authorized with these. */
    synchronized void use(Object account, List<String> secrets) {
        Deque<Used> used = byAccount.computeIfAbsent(account, first -> new ArrayDeque<>());
        Used current = used.peekLast();
        if (current != null && current.secrets.equals(secrets)) {
            return;
        }
        used.addLast(new Used(secrets, SecretsInUse.register(secrets)));
        if (used.size() > KEPT) {
            used.removeFirst().registration.close();
        }
    }

    /** Forgets all of them. */
    @Override
    public synchronized void close() {
        byAccount.values().forEach(used -> used.forEach(each -> each.registration.close()));
        byAccount.clear();
    }
}
