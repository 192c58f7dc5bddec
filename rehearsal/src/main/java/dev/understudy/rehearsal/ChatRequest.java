package dev.understudy.rehearsal;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the rehearsal looks at in a chat completion request.
 *
 * @param model the act and its parameters
 * @param stream server-sent events are wanted
 * @param includeUsage {@code stream_options.include_usage}
 * @param maxTokens {@code max_completion_tokens}, else {@code max_tokens}
 * @param promptTokens about as many as the messages' text has: a quarter of its characters
 * @param tool the name of the first function that the caller offers
 * @param begun the answer that is to be continued, if the conversation ends in one
 */
record ChatRequest(
        String model,
        boolean stream,
        boolean includeUsage,
        OptionalInt maxTokens,
        int promptTokens,
        Optional<String> tool,
        Optional<BegunAnswer> begun) {}
