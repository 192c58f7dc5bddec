package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import java.util.Locale;

/**
 * Which efforts OpenAI's models take.
 *
 * @see <a href="https://platform.openai.com/docs/guides/reasoning">Reasoning models</a>
 */
final class OpenAiEfforts {

    private OpenAiEfforts() {}

    static Effort nearest(String model, Effort effort) {
        String name = model.toLowerCase(Locale.ROOT);
        String own = name.substring(name.lastIndexOf('/') + 1);
        if (own.startsWith("o")) {
            return within(effort, Effort.LOW, Effort.HIGH);
        }
        if (!own.startsWith("gpt-5.")) {
            return within(effort, Effort.MINIMAL, Effort.HIGH);
        }
        // From 5.1 on there is none at all instead of minimal; the highest came with 5.2.
        Effort highest = own.startsWith("gpt-5.1") && !own.contains("max") ? Effort.HIGH : Effort.XHIGH;
        return effort == Effort.MINIMAL ? Effort.LOW : within(effort, Effort.NONE, highest);
    }

    private static Effort within(Effort effort, Effort lowest, Effort highest) {
        if (effort.compareTo(lowest) < 0) {
            return lowest;
        }
        return effort.compareTo(highest) > 0 ? highest : effort;
    }
}
