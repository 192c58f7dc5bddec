package dev.understudy.spring;

import io.micrometer.context.ContextSnapshot;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.util.context.ContextView;

/**
 * A request, as the chain passes it to every model.
 *
 * @param prompt the caller's
 * @param threadLocals what the caller's thread knows: observations, security, locale. Models run in other threads
 * @param context of the subscriber; empty for a call
 */
record ModelCall(Prompt prompt, ContextSnapshot threadLocals, ContextView context) {

    /** The size of the prompt in characters, by which the usual times of models are learned. */
    long size() {
        long size = 0;
        for (var message : prompt.getInstructions()) {
            String text = message.getText();
            size += text == null ? 0 : text.length();
        }
        return size;
    }
}
