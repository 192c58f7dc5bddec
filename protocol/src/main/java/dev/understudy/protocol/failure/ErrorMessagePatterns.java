package dev.understudy.protocol.failure;

import java.util.regex.Pattern;

/**
 * Patterns for what providers report in messages only. Each set applies to the statuses at which it is plausible, so that a
 * message never overrules a status that contradicts it.
 *
 * <p>A phrase that costs other callers a target has to state the fact: {@code credits are exhausted}, not {@code credits},
 * for providers also write "No credits were charged".
 *
 * <p>The text is in lower case and short, and the patterns have no nested repetition.
 */
enum ErrorMessagePatterns {
    /** The account has no credit left, or has reached its spending limit. */
    BILLING("credit balance"
            + "|insufficient (?:balance|credit|fund|quota)"
            + "|(?:not enough|out of|no remaining|no available) credits"
            + "|credits? (?:is|are|has been|have been) (?:exhausted|depleted|used up)"
            + "|(?:used all|exceeded|used up|run out of|ran out of) .{0,40}credits"
            + "|requires more credits"
            + "|api usage limits"
            + "|(?:spend|spending) (?:limit|cap)"
            + "|monthly (?:spend|usage|budget)"
            + "|budget has been exceeded"
            + "|daily free allocation"
            + "|billing (?:hard limit|not active|is not active)"
            + "|payment required"
            + "|key limit exceeded"),

    /** A quota is used up; Google uses this message for every one of its limits. */
    QUOTA("exceeded your current quota"),

    /** Further patterns for both, for 401 and 403 only. */
    BILLING_UNDER_AUTH("(?:requires?|enable|no active|invalid|without) (?:a )?billing"
            + "|billing (?:account|details|to be enabled|is|has|must)"
            + "|(?:quota|budget|allowance|usage limit|credit limit) (?:has been |have been |was |is )?"
            + "(?:exceeded|exhausted|reached|depleted|used up)"
            + "|(?:exceeded|exhausted|reached|out of) .{0,30}(?:quota|budget|allowance|usage limit|credit limit)"
            + "|no (?:remaining |available )?(?:quota|budget|allowance)"
            + "|(?:insufficient|not enough|no more) .{0,20}credits"
            + "|payment (?:is )?(?:required|method|overdue|failed|past due)"
            + "|unpaid invoice"),

    /** OpenRouter: the account has credit, but not for an answer of this length. */
    AFFORDS_LESS("fewer max_tokens|can only afford [0-9]|prompt tokens limit exceeded"),

    /** Larger than what the limit allows in its whole period: no wait makes room for it. */
    OVER_THE_WHOLE_LIMIT("request too large .{0,200}per (?:min|day)"
            + "|tokens must be reduced"
            + "|(?:usage|credits) (?:is|are) required for long context"),

    /** A limit that counts days. */
    PER_DAY("per[ _-]?day|\\b[rt]pd\\b|\\bdaily\\b"),

    /** A limit of one model. */
    PER_MODEL("per[ _-]?(?:base[ _-]?)?model|base[ _]model|for (?:the |this )?model|\\bmodel: |deployment"),

    /** Flagged before a model saw it. */
    FLAGGED("requires moderation|was flagged|been flagged|were flagged"),

    CONTENT_POLICY("content management policy"
            + "|content[ _-]?(?:policy|polic|filter|moderation)"
            + "|usage (?:policy|policies|guidelines)"
            + "|safety (?:system|filter|polic)"
            + "|was flagged|been flagged|were flagged"
            + "|requires moderation"
            + "|considered high risk"
            + "|(?:inappropriate|sensitive|prohibited) content"
            + "|content exists risk"),

    NOT_READY("loading model|model is (?:currently |still )?(?:loading|not ready)|is currently loading|is being loaded"
            + "|still loading|model not ready|warming up"),

    OVERLOADED("overloaded|high demand|too busy|server (?:is )?busy|high (?:load|traffic)"
            + "|(?:at|over|no|insufficient|out of|exceeded|tier) capacity|capacity exceeded"
            + "|temporarily unable to process"),

    RATE_LIMITED(
            "rate limit|rate-limit|too many requests|too many tokens(?: per day)?, please wait|requests? per minute"
                    + "|please wait before trying"),

    CONTEXT_LENGTH("context (?:length|window|size|limit)"
            + "|maximum (?:prompt|input|sequence) length"
            + "|max_model_len"
            + "|prompt (?:is )?too (?:long|large)"
            + "|(?:input|request|message|messages|text) (?:is|are) too long"
            + "|too many (?:input |prompt )?tokens"
            + "|token count .{0,60}exceeds"
            + "|exceeds? the (?:maximum|max)(?: allowed)?(?: number of)?(?: input)? tokens"
            + "|reduce the length of the (?:messages|prompt|input)"
            + "|tokens > [0-9]{1,12} maximum"),

    UNKNOWN_MODEL(
            "model.{0,80}(?:not found|does not exist|not exist\\b|is not available|has been (?:deprecated|decommissioned|retired))"
                    + "|(?:no such|unknown|invalid) model"
                    + "|not a valid model"
                    + "|model identifier is invalid"
                    + "|access to (?:the )?model"
                    + "|no models? loaded"),

    /** What the request refers to by an id does not exist; the path and the model do. */
    MISSING_ITEM("(?<![/\\w.-])(?:item|file|response|conversation|message|batch|vector[ _]?store|thread|run|assistant"
            + "|container|tool|tool[ _]use|tool[ _]call|upload|cached ?content|prompt|skill|attachment|image|document"
            + "|session|interaction|guardrail|knowledge base|video|voice)s?\\b.{0,160}?"
            + "(?:not found|does not exist|not exist\\b|could not be found|cannot be found|no longer exists|has expired)"
            + "|no (?:such )?(?:item|file|response|conversation|message|batch|vector[ _]?store|thread|run|assistant"
            + "|container|tool|upload|prompt|image|document|video)s?\\b.{0,40}(?:object|found|with|exists?|id)"
            + "|\\b(?:rs|resp|msg|fc|conv|vs|batch|msgbatch|file|thread|run|asst|call|toolu|cntr|pmpt)[_-][0-9a-z]{6,}.{0,80}"
            + "(?:not found|does not exist|no longer exists|has expired)"),

    /** OpenAI cannot reach a tool server that the request names. */
    FOREIGN_SERVER("\\bmcp server|retrieving tool list"),

    /** The model answered, but in a form that its provider cannot pass on. */
    INVALID_OUTPUT("failed to call a function"
            + "|failed to (?:generate|validate) (?:valid )?(?:json(?! schema)|tool[ _]calls?|function calls?)"
            + "|failed to parse (?:the )?(?:tool|function)[ _]call"
            + "|error parsing (?:the )?(?:tool|function)[ _]call"
            + "|tool call validation failed"
            + "|attempted to call tool"
            + "|model (?:has )?(?:produced|generated|returned|emitted)"
            + " (?:an? |the )?(?:output that|invalid|malformed|unparsable|unparseable)"
            + "|see 'failed_generation'"),

    UNSUPPORTED("(?:does not|do not|doesn't|don't|not) support"
            + "|unsupported (?!image)"
            + "|(?:is|are) unsupported"
            + "|only supported (?:by|with|for|in)"
            + "|not (?:enabled|available) for this model"
            // Anthropic, about what its older models accept: sampling, and longer answers.
            + "|(?:is deprecated|cannot both be specified) for this model"
            + "|maximum allowed number of output tokens"
            + "|extra inputs are not permitted"
            + "|unrecognized request argument"
            + "|unknown (?:name|parameter|field)"
            + "|not a multimodal model"
            + "|at most 0 (?:image|audio|video)"
            + "|requires? --enable-auto-tool-choice"),

    /** OpenRouter's 404 when no upstream of a known model accepts the request. */
    NO_ENDPOINT_SUPPORTS("no endpoints (?:found|available) (?:that|matching|with)|no allowed providers"),

    /** The location of the caller, not the request. */
    REGION("\\b(?:country|location|region|territory)\\b.{0,40}(?:not supported|not available|unsupported|not allowed)"
            + "|(?:not supported|not available|unsupported) in your (?:country|location|region)"),

    /** Something that a key may not do, though it may do other things. */
    PERMISSION("missing scopes?|insufficient permissions?|insufficient[ _]scope"
            + "|(?:not allowed|not authorized|no permission|not permitted|does not have access|do not have access)"
            + ".{0,60}model"),

    /** The key, or its account, cannot be used, or no key was sent. */
    UNUSABLE_KEY("(?:invalid|incorrect|wrong|expired|revoked|disabled|deactivated) (?:or (?:missing|expired|revoked) )?"
            + Keys.ONE
            + "|"
            + Keys.ONE
            + "(?: you)?(?: provided| supplied| included in the request)?.{0,60}?"
            + " (?:is|was|are|has|have)(?: been)?(?: already)? (?:invalid|not valid|incorrect|expired|revoked"
            + "|disabled|deactivated|suspended|not recognized|not active|no longer (?:valid|active)"
            + "|reported as leaked)(?! (?:for|from|in|to|with) )"
            + "|"
            + Keys.ONE
            + " (?:invalid|expired|revoked|not found|not valid)(?! (?:for|from|in|to|with) )"
            + "|reported as leaked"
            + "|(?:account|organization|project|consumer|workspace).{0,60} (?:has been|is|was)"
            + " (?:deactivated|disabled|suspended|terminated|restricted|banned)(?! (?:for|from|in|to|with) )"
            + "|signature (?:has )?expired|signature does not match|signature we calculated"
            + "|no auth credentials|no cookie auth credentials"
            + "|(?:didn't|did not) provide an api key"
            + "|api[ _-]key (?:is )?(?:required|missing)|missing (?:an )?api[ _-]key"
            + "|missing required authentication"),

    /** Further patterns for the same, for 401 only. */
    UNUSABLE_KEY_UNDER_401("(?:invalid|incorrect|expired|revoked|disabled|bad|unknown) (?:[a-z_-]{1,20} ){0,3}"
            + "(?:key|token|credentials?|authentication|signature)\\b"
            + "|\\b(?:key|token|credentials?)\\b.{0,60}(?:invalid|not valid|incorrect|expired|revoked|disabled)"
            + "|x-api-key header is required|authorization header (?:is )?(?:missing|required)"
            + "|missing (?:authentication|authorization) header"),

    /** In a 200 or an event: a refusal without a reason. */
    UNAUTHORIZED("unauthorized|authentication (?:failed|error)");

    private final Pattern pattern;

    ErrorMessagePatterns(String regex) {
        this.pattern = Pattern.compile(regex);
    }

    boolean in(String text) {
        return pattern.matcher(text).find();
    }

    /** The names of credentials. */
    private static final class Keys {
        static final String ONE = "(?:\\bauthentication credentials"
                + "|\\b(?:x-)?(?:api|access|secret|subscription|bearer|security|oauth)[ _-]?(?:key|token)\\b"
                + "|\\bcredentials\\b)";

        private Keys() {}
    }
}
