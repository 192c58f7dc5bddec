package dev.understudy.calls.plan;

import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Credential;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions;
import java.util.List;
import java.util.Set;

/** Applies the keys that callers bring for one call. */
final class CallerKeyRoutes {
    private CallerKeyRoutes() {}

    /** A caller's key replaces the operator's, for this call and with a health of its own. */
    static Route on(TargetCandidate candidate, List<FallbackOptions.Credential> credentials) throws BadRequest {
        List<FallbackOptions.Credential> own =
                candidate.credential().map(List::of).orElse(credentials);
        for (FallbackOptions.Credential brought : own) {
            if (candidate.credential().isPresent() || candidate.isNamedIn(Set.of(brought.name()))) {
                if (!Credential.isPossible(brought.key())) {
                    throw unusableKey(BadRequest.shown(brought.name()));
                }
                Credential key = Credential.of(brought.key());
                return candidate
                        .route()
                        .withKey(key, atCallers(candidate.route().provider(), key, brought));
            }
        }
        return candidate.route();
    }

    private static ProviderSettings atCallers(
            ProviderSettings provider, Credential key, FallbackOptions.Credential brought) throws BadRequest {
        ProviderSettings withKey = provider.withKey(key);
        ProviderSettings versioned =
                brought.apiVersion().map(withKey::withApiVersion).orElse(withKey);
        if (brought.url().isEmpty()) {
            return versioned;
        }
        String wanted = brought.url().get().replaceFirst("/+$", "");
        return provider.callerUrls().stream()
                .filter(allowed -> allowed.toString().equals(wanted))
                .findFirst()
                .map(versioned::atCallersUrl)
                .orElseThrow(() -> BadRequest.upstreamUrl(BadRequest.shown(brought.name())));
    }

    private static BadRequest unusableKey(String name) {
        return BadRequest.invalid(
                name,
                "The key for '" + name + "' contains white space or an invalid character. Send it in full and"
                        + " alone.");
    }
}
