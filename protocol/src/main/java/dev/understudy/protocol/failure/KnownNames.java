package dev.understudy.protocol.failure;

import dev.understudy.engine.FailureKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The identifiers by which providers name their errors, in lower case.
 *
 * <p>Taken from the providers' published error lists: OpenAI (error codes guide), Azure OpenAI, Anthropic (errors), Gemini
 * (google.rpc.Code), Amazon Bedrock (InvokeModel errors), OpenRouter, Groq, Mistral, DeepSeek, llama.cpp. Names of
 * whole families, such as {@code invalid_request_error}, are absent on purpose: they say no more than the status.
 */
final class KnownNames {
    /** An error may bear several names; the kind that stands first here is the most exact. */
    private static final List<FailureKind> MOST_TELLING_FIRST = List.of(
            FailureKind.QUOTA,
            FailureKind.NOT_READY,
            FailureKind.CONTENT_POLICY,
            FailureKind.CONTEXT_LENGTH,
            FailureKind.UNKNOWN_MODEL,
            FailureKind.AUTH,
            FailureKind.UNSUPPORTED,
            FailureKind.OVERLOADED,
            FailureKind.RATE_LIMITED);

    private static final Map<String, FailureKind> KINDS = new HashMap<>();

    static {
        all(
                FailureKind.QUOTA,
                "insufficient_quota",
                "credit_balance_exhausted",
                "credit_balance_too_low",
                "organization_spend_limit_exceeded",
                "project_spend_limit_exceeded",
                "organization_usage_limit_exceeded",
                "enforced_spend_limit_reached",
                "billing_error",
                "billing_not_active",
                "billing_hard_limit_reached",
                "insufficient_balance",
                "insufficient_credits",
                "insufficient_funds",
                "payment_required",
                "budget_exceeded");
        all(FailureKind.NOT_READY, "modelnotreadyexception", "model_not_ready", "model_loading");
        all(
                FailureKind.CONTENT_POLICY,
                "content_filter",
                "content_filter_error",
                "content_policy_violation",
                "responsibleaipolicyviolation",
                "moderation_blocked",
                "prohibited_content",
                "data_inspection_failed",
                // OpenAI's name for a prompt that was flagged before a reasoning model saw it.
                "invalid_prompt");
        all(
                FailureKind.CONTEXT_LENGTH,
                "context_length_exceeded",
                "context_window_exceeded",
                "exceed_context_size_error",
                "request_too_large",
                "string_above_max_length");
        all(
                FailureKind.UNKNOWN_MODEL,
                "model_not_found",
                "model_not_available",
                "model_decommissioned",
                "model_not_active",
                "invalid_model",
                "unknown_model",
                "deploymentnotfound",
                "not_found_error",
                "notfounderror",
                "resourcenotfoundexception");
        all(
                FailureKind.AUTH,
                "invalid_api_key",
                "api_key_invalid",
                "authentication_error",
                "authenticationerror",
                "permission_error",
                "permission_denied",
                "unauthenticated",
                "accessdeniedexception",
                "unrecognizedclientexception",
                "expiredtokenexception",
                "invalidsignatureexception",
                "incompletesignature",
                "account_deactivated",
                "unsupported_country_region_territory");
        all(
                FailureKind.UNSUPPORTED,
                "unsupported_parameter",
                "unsupported_value",
                "unsupported_model",
                "unsupported_file",
                "unknown_parameter",
                "operationnotsupported",
                "extra_forbidden");
        all(
                FailureKind.OVERLOADED,
                "overloaded_error",
                "overloaded",
                "server_is_overloaded",
                "engine_overloaded",
                "engine_overloaded_error",
                "service_tier_capacity_exceeded",
                "capacity_exceeded",
                "serviceunavailableexception",
                "modelerrorexception",
                "modeltimeoutexception",
                // google.rpc.Code of Gemini's 503 and 504.
                "unavailable",
                "deadline_exceeded");
        all(
                FailureKind.RATE_LIMITED,
                "rate_limit_exceeded",
                "rate_limit_error",
                "rate_limited",
                "resource_exhausted",
                "throttlingexception",
                "toomanyrequestsexception",
                "too_many_requests",
                // Bedrock's 400 that says "you can resubmit your request later".
                "servicequotaexceededexception");
    }

    private KnownNames() {}

    private static void all(FailureKind kind, String... names) {
        for (String name : names) {
            KINDS.put(name, kind);
        }
    }

    /** The most exact kind among these names. */
    static Optional<FailureKind> kind(Set<String> names) {
        FailureKind best = null;
        int rank = MOST_TELLING_FIRST.size();
        for (String name : names) {
            FailureKind kind = KINDS.get(name);
            int its = kind == null ? -1 : MOST_TELLING_FIRST.indexOf(kind);
            if (its >= 0 && its < rank) {
                best = kind;
                rank = its;
            }
        }
        return Optional.ofNullable(best);
    }
}
