package dev.understudy.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Finds the retries that Spring AI's models make by themselves, before the chain learns of a failure: with Spring AI's defaults ten
 * attempts with minutes between them. They are the application's, so they are not changed, but named in the log.
 */
final class OwnRetries {
    private static final String RETRY = "spring.ai.retry.max-attempts";
    private static final String OPEN_AI_CHAT = "spring.ai.openai.chat.max-retries";
    private static final String OPEN_AI = "spring.ai.openai.max-retries";

    private OwnRetries() {}

    /** The properties to set, with their values; empty if there are none, or if the application has set them to any value. */
    static List<String> unset(Environment environment) {
        List<String> unset = new ArrayList<>();
        if (isPresent("org.springframework.ai.retry.autoconfigure.SpringAiRetryProperties")
                && !environment.containsProperty(RETRY)) {
            unset.add(RETRY + "=1");
        }
        if (isPresent("org.springframework.ai.model.openai.autoconfigure.OpenAiChatProperties")
                && !environment.containsProperty(OPEN_AI_CHAT)
                && !environment.containsProperty(OPEN_AI)) {
            unset.add(OPEN_AI_CHAT + "=0");
        }
        return unset;
    }

    private static boolean isPresent(String name) {
        return ClassUtils.isPresent(name, OwnRetries.class.getClassLoader());
    }
}
