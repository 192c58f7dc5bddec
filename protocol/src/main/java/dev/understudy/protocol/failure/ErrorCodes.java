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
 * whole families, such as {@code invalid_request_error}, are absent on purpose: they add nothing to the status.
 */
final class ErrorCodes {
    /** An error may have several codes; the kind that is first here is the most specific. */
    private static final List<FailureKind> MOST_TELLING_FIRST = List.of(
            FailureKind.QUOTA,
            FailureKind.NOT_READY,
            FailureKind.INVALID_OUTPUT,
            FailureKind.CONTENT_POLICY,
            FailureKind.CONTEXT_LENGTH,
            FailureKind.BAD_REQUEST,
            FailureKind.UNKNOWN_MODEL,
            FailureKind.AUTH,
            FailureKind.FORBIDDEN,
            FailureKind.UNSUPPORTED,
            FailureKind.OVERLOADED,
            FailureKind.RATE_LIMITED);

    /** Codes that say that the key, or its account, cannot be used for any request. */
    private static final Set<String> UNUSABLE_KEY = Set.of(
            // OpenAI and compatible providers
            "invalid_api_key",
            "account_deactivated",
            "expired_api_key",
            "api_key_expired",
            "api_key_revoked",
            "api_key_disabled",
            "token_expired",
            "organization_restricted",
            // google.rpc.ErrorInfo
            "api_key_invalid",
            "api_key_service_blocked",
            "api_key_http_referrer_blocked",
            "api_key_ip_address_blocked",
            "consumer_suspended",
            "consumer_invalid",
            "service_disabled",
            "access_token_expired",
            // Amazon
            "unrecognizedclientexception",
            "invalidclienttokenid",
            "expiredtokenexception",
            "expiredtoken",
            "invalidsignatureexception",
            "signaturedoesnotmatch",
            "incompletesignature",
            "incompletesignatureexception");

    /** Codes for a missing resource of any type. */
    private static final Set<String> NOT_FOUND =
            Set.of("not_found_error", "notfounderror", "resourcenotfoundexception");

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
                "budget_exceeded",
                // google.rpc.ErrorInfo
                "billing_disabled");
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
                "datainspectionfailed",
                "content_moderation",
                "moderation_error",
                "image_content_policy_violation",
                "inputtextsensitivecontentdetected",
                "inputimagesensitivecontentdetected",
                "sensitivecontentdetected",
                "bio_policy",
                "cyber_policy",
                // OpenAI's name for a prompt that was flagged before a reasoning model saw it.
                "invalid_prompt");
        all(
                FailureKind.CONTEXT_LENGTH,
                "context_length_exceeded",
                "context_window_exceeded",
                "exceed_context_size_error",
                "request_too_large");
        all(
                FailureKind.INVALID_OUTPUT,
                // Groq: the model's tool call or JSON is invalid.
                "tool_use_failed",
                "json_validate_failed",
                "output_parse_failed",
                "failed_generation",
                "malformed_function_call",
                "malformed_tool_call");
        all(
                FailureKind.BAD_REQUEST,
                // What the request refers to does not exist, or no longer exists.
                "previous_response_not_found",
                "response_not_found",
                "item_not_found",
                "conversation_not_found",
                "conversation_locked",
                "file_not_found",
                "vector_store_not_found",
                "container_not_found",
                "container_expired",
                "external_connector_error",
                // The codes of response.failed that concern the request's images.
                "invalid_image",
                "invalid_image_format",
                "invalid_base64_image",
                "invalid_image_url",
                "invalid_image_mode",
                "image_too_large",
                "image_too_small",
                "image_parse_error",
                "image_file_too_large",
                "image_file_not_found",
                "unsupported_image_media_type",
                "empty_image_file",
                "failed_to_download_image");
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
                "authentication_error",
                "authenticationerror",
                "invalid_authentication_error",
                "auth_error",
                "unauthenticated",
                "missingauthenticationtokenexception");
        UNUSABLE_KEY.forEach(name -> all(FailureKind.AUTH, name));
        all(
                FailureKind.FORBIDDEN,
                "permission_error",
                "permission_denied",
                "accessdeniedexception",
                "access_denied",
                "request_forbidden",
                "insufficient_permissions",
                "iam_permission_denied",
                "key_model_access_denied",
                "unsupported_country_region_territory");
        all(
                FailureKind.UNSUPPORTED,
                "unsupported_parameter",
                "unsupported_value",
                "unsupported_model",
                "unsupported_file",
                // OpenAI: a tool or model of the request that the project's data residency excludes.
                "data_residency_mismatch",
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
                "request_quota_exceeded",
                "token_quota_exceeded",
                // Bedrock's 400 that says "you can resubmit your request later".
                "servicequotaexceededexception");
    }

    private ErrorCodes() {}

    private static void all(FailureKind kind, String... names) {
        for (String name : names) {
            KINDS.put(name, kind);
        }
    }

    /** The most specific kind among these codes. */
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

    /** Whether one of these codes says that the key, or its account, cannot be used. */
    static boolean sayThatTheKeyIsUnusable(Set<String> names) {
        return names.stream().anyMatch(UNUSABLE_KEY::contains);
    }

    /** Whether these codes say that a model does not exist, and not merely that some resource does not. */
    static boolean nameAModel(Set<String> names) {
        return names.stream()
                .anyMatch(name -> KINDS.get(name) == FailureKind.UNKNOWN_MODEL && !NOT_FOUND.contains(name));
    }
}
