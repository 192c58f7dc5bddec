package dev.understudy.gateway.upstream;

import dev.understudy.protocol.failure.SecretsInUse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The credentials with which cloud accounts authorize requests, which change while the gateway runs: the current ones of each
 * account and those before them are kept out of errors. Belongs to one event loop. Its map needs no bound: its keys are the
 * accounts of the configuration.
 */
final class CloudSecrets {
    /** The current ones, and those with which requests may still be in progress. */
    private static final int KEPT = 2;

    private final Map<Object, Deque<Used>> byAccount = new HashMap<>();

    private record Used(List<String> secrets, SecretsInUse.Registration registration) {}

    /** A request is authorized with these. */
    void use(Object account, List<String> secrets) {
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
}
