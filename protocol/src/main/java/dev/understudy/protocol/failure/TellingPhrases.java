package dev.understudy.protocol.failure;

import java.util.regex.Pattern;

/**
 * What providers say in sentences only. Each set is asked under the statuses at which it can be meant, so that a sentence
 * never overrules a status that contradicts it.
 *
 * <p>The text is in lower case and short, and the patterns have no nested repetition.
 */
enum TellingPhrases {
    /** No money or allowance; unmistakable under any status. */
    QUOTA("credit balance"
            + "|exceeded your current quota"
            + "|insufficient (?:balance|credit|fund|quota)"
            + "|(?:not enough|out of|no remaining|purchase) credits"
            + "|requires more credits"
            + "|api usage limits"
            + "|(?:spend|spending) limit"
            + "|monthly (?:spend|usage|budget)"
            + "|billing (?:hard limit|not active|is not active)"
            + "|payment required"
            + "|key limit exceeded"),

    /** The same in looser words, to be believed under 401 and 403 only. */
    QUOTA_UNDER_AUTH("quota|billing|\\bcredits?\\b|budget|payment|usage limit"),

    CONTENT_POLICY("content management policy"
            + "|content[ _-]?(?:policy|filter)"
            + "|usage (?:policy|policies|guidelines)"
            + "|safety (?:system|filter|polic)"
            + "|was flagged|been flagged"
            + "|requires moderation"
            + "|content exists risk"),

    NOT_READY("loading model|model is (?:currently |still )?(?:loading|not ready)|is currently loading|is being loaded"
            + "|still loading|model not ready|warming up"),

    OVERLOADED("overloaded|high demand|too busy|server (?:is )?busy|high (?:load|traffic)"
            + "|(?:at|over|no|insufficient|out of|exceeded|tier) capacity|capacity exceeded"
            + "|temporarily unable to process"),

    RATE_LIMITED("rate limit|rate-limit|too many requests|too many tokens, please wait|requests? per minute"
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

    UNSUPPORTED("(?:does not|do not|doesn't|don't|not) support"
            + "|unsupported (?!image)"
            + "|(?:is|are) unsupported"
            + "|only supported (?:by|with|for|in)"
            + "|not (?:enabled|available) for this model"
            // Anthropic, of what its older models take: sampling, and longer answers.
            + "|(?:is deprecated|cannot both be specified) for this model"
            + "|maximum allowed number of output tokens"
            + "|extra inputs are not permitted"
            + "|unrecognized request argument"
            + "|unknown (?:name|parameter|field)"
            + "|not a multimodal model"
            + "|at most 0 (?:image|audio|video)"
            + "|requires? --enable-auto-tool-choice"),

    /** OpenRouter's 404 when no upstream of a known model takes what the request uses. */
    NO_ENDPOINT_SUPPORTS("no endpoints found that support"),

    AUTH("api[ _]key (?:is )?(?:not valid|invalid|expired|not found)"
            + "|(?:invalid|incorrect|expired) api[ _]key"
            + "|invalid (?:authentication|credentials|token)"
            + "|unauthorized"
            + "|no auth credentials");

    private final Pattern pattern;

    TellingPhrases(String regex) {
        this.pattern = Pattern.compile(regex);
    }

    boolean in(String text) {
        return pattern.matcher(text).find();
    }
}
