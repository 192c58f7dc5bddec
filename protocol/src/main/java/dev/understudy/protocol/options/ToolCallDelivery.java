package dev.understudy.protocol.options;

import java.util.Locale;

/** How the tool calls of a stream reach the caller. */
public enum ToolCallDelivery {
    /** Each call is held back until it is complete, so that another target can continue if the stream breaks inside it. */
    WHOLE,
    /** The pieces of a call are forwarded as they arrive. */
    LIVE;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in settings and requests. */
    public String wireName() {
        return wireName;
    }

    /** @throws IllegalArgumentException with a message that follows the text in a sentence */
    public static ToolCallDelivery parse(String text) {
        return EnumNames.parse(text, values(), ToolCallDelivery::wireName);
    }
}
