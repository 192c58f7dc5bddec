package dev.understudy.gateway.harm;

import dev.understudy.gateway.wire.ReceivedRequest;
import dev.understudy.gateway.wire.Reply;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way in which providers answer correctly and completely, and not at once.
 *
 * @param id its name, and that of the model that behaves like this
 * @param stream whether the answer is streamed
 * @param tool whether the answer is a tool call rather than text
 * @param reasoningAsked whether the request asks for reasoning
 * @param life whether the provider shows all the time that it is working, so that no other target is to answer
 * @param allPairs whether every caller's dialect is tried with every target's
 * @param targets the dialects that can express it
 * @param words how many words the text has
 * @param script what is sent, given the words or the pieces of the arguments
 */
record World(
        String id,
        boolean stream,
        boolean tool,
        boolean reasoningAsked,
        boolean life,
        boolean allPairs,
        Set<UpstreamApi> targets,
        int words,
        Function<List<String>, Script> script) {

    static final String PRIMARY = "alpha";
    static final String FALLBACK = "beta";

    /** The primary's answer so far, as it stands in a request to continue it. */
    private static final Pattern BEGUN = Pattern.compile(PRIMARY + "1(?: " + PRIMARY + "\\d+)*\\.?");

    private static final Set<UpstreamApi> ALL = EnumSet.allOf(UpstreamApi.class);
    private static final Set<UpstreamApi> ALL_BUT_GEMINI = EnumSet.complementOf(EnumSet.of(UpstreamApi.GEMINI));
    private static final int WORDS = 12;

    static World streamed(String id, boolean life, Function<List<String>, Script> script) {
        return new World(id, true, false, false, life, true, ALL, WORDS, script);
    }

    static World whole(String id, Function<List<String>, Script> script) {
        return new World(id, false, false, false, false, true, ALL, WORDS, script);
    }

    static World toolCall(String id, Function<List<String>, Script> script) {
        // Gemini sends a tool call in one piece.
        return new World(id, true, true, false, true, true, ALL_BUT_GEMINI, WORDS, script);
    }

    World words(int count) {
        return new World(id, stream, tool, reasoningAsked, life, allPairs, targets, count, script);
    }

    World askingForReasoning() {
        return new World(id, stream, tool, true, life, allPairs, targets, words, script);
    }

    World from(UpstreamApi... apis) {
        return new World(id, stream, tool, reasoningAsked, life, allPairs, Set.of(apis), words, script);
    }

    World sameDialectOnly() {
        return new World(id, stream, tool, reasoningAsked, life, false, targets, words, script);
    }

    /** The text, or the arguments of the tool call, as one of the two targets gives them. */
    String expected(String of) {
        return String.join("", pieces(of));
    }

    private List<String> pieces(String of) {
        if (tool) {
            return List.of("{\"ci", "ty\":\"", of + "\"}");
        }
        List<String> pieces = new ArrayList<>();
        for (int i = 1; i <= words; i++) {
            pieces.add((i == 1 ? "" : " ") + of + i + (i == words ? "." : ""));
        }
        return pieces;
    }

    /** What the primary sends. */
    Script primary() {
        return script.apply(pieces(PRIMARY));
    }

    /** Answers in the way of this world. */
    Reply slowly(String as, ReceivedRequest request) {
        return script.apply(asked(as, request)).in(UpstreamApi.of(request));
    }

    /** Answers the same at once. */
    Reply atOnce(String as, ReceivedRequest request) {
        return script.apply(asked(as, request)).atOnce().in(UpstreamApi.of(request));
    }

    /** Where the request shows the beginning of an answer, its rest is asked for. */
    private List<String> asked(String as, ReceivedRequest request) {
        Matcher begun = BEGUN.matcher(request.body());
        if (tool || !begun.find()) {
            return pieces(as);
        }
        String whole = expected(PRIMARY);
        String rest = whole.substring(Math.min(whole.length(), begun.group().length()));
        return rest.isEmpty() ? List.of() : List.of(rest.split("(?= )"));
    }

    @Override
    public String toString() {
        return id;
    }
}
