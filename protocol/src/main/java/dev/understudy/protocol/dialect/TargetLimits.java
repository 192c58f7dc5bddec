package dev.understudy.protocol.dialect;

import java.util.regex.Pattern;

/**
 * The limits that a vendor publishes for requests and that mean the same in every dialect. {@link RequestFitting} brings
 * translated requests within them.
 *
 * @param longestUser the most characters of the end user's name
 * @param toolName matches every name of a function that is accepted
 * @param mostTools how many tools a request may offer
 * @param rootUnions whether the schema of a function may have alternatives ({@code anyOf}) at its top
 * @param sharesWindow whether a request is refused whose prompt and output limit together exceed the context window
 */
public record TargetLimits(int longestUser, Pattern toolName, int mostTools, boolean rootUnions, boolean sharesWindow) {
    /** Letters, digits, underscores and dashes, at most 64 of them. */
    public static final Pattern PLAIN_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    /** A vendor that publishes no limits. */
    public static final TargetLimits NONE =
            new TargetLimits(Integer.MAX_VALUE, Pattern.compile("(?s).*"), Integer.MAX_VALUE, true, false);

    /**
     * The name itself if it is accepted; otherwise its readable beginning, and a hash that tells it from other names with
     * the same beginning. The same name always has the same replacement, so calls, results and definitions stay together.
     */
    public String fit(String name) {
        return toolName.matcher(name).matches() ? name : shortName(name);
    }

    /** The end user's name. Of a longer one only a digest is sent: vendors use it to tell users apart, and never show it. */
    public String user(String name) {
        return name.length() > longestUser ? ToolCallIds.hash(name, 64) : name;
    }

    /** A replacement that every vendor accepts: at most 64 plain characters, the first of which is no digit or dash. */
    public static String shortName(String name) {
        String plain = ToolCallIds.plain(name);
        boolean letterFirst = !plain.isEmpty() && Character.isLetter(plain.charAt(0));
        String readable = letterFirst ? plain : "_" + plain;
        return readable.substring(0, Math.min(47, readable.length())) + "_" + ToolCallIds.hash(name, 16);
    }
}
