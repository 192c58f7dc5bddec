package dev.understudy.gateway.harm;

import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How providers behave: they answer correctly and completely, but not at once; or the primary fails to.
 *
 * @param id its name, and that of the model that behaves like this
 * @param form what the request asks for
 * @param life whether the provider shows all the time that it is working, so that no other target is to answer
 * @param targets the dialects that can express it
 * @param words how many words the text has
 * @param primary what the primary sends, given the words or the pieces of the tool call's arguments
 * @param script the same of every other target
 */
record World(
        String id,
        Form form,
        boolean life,
        Set<UpstreamApi> targets,
        int words,
        Function<List<String>, Script> primary,
        Function<List<String>, Script> script) {

    /**
     * @param stream whether the answer is streamed
     * @param tool whether the answer is a tool call rather than text
     * @param tools whether tools are offered
     * @param reasoning whether reasoning is requested
     */
    record Form(boolean stream, boolean tool, boolean tools, boolean reasoning) {}

    static final String PRIMARY = "alpha";
    static final String FALLBACK = "beta";

    /** An answer so far, as it stands in a request to continue it. */
    private static final Pattern BEGUN = Pattern.compile("(" + PRIMARY + "|" + FALLBACK + ")1(?: \\1\\d+)*\\.?");

    private static final Set<UpstreamApi> ALL = EnumSet.allOf(UpstreamApi.class);
    private static final Set<UpstreamApi> ALL_BUT_GEMINI = EnumSet.complementOf(EnumSet.of(UpstreamApi.GEMINI));
    private static final int WORDS = 12;

    static World streamed(String id, boolean life, Function<List<String>, Script> script) {
        return new World(id, new Form(true, false, false, false), life, ALL, WORDS, script, script);
    }

    static World whole(String id, Function<List<String>, Script> script) {
        return new World(id, new Form(false, false, false, false), false, ALL, WORDS, script, script);
    }

    static World toolCall(String id, Function<List<String>, Script> script) {
        // Gemini sends a tool call in one piece.
        return new World(id, new Form(true, true, true, false), true, ALL_BUT_GEMINI, WORDS, script, script);
    }

    World words(int count) {
        return new World(id, form, life, targets, count, primary, script);
    }

    World askingForReasoning() {
        return new World(
                id, new Form(form.stream(), form.tool(), form.tools(), true), life, targets, words, primary, script);
    }

    World offeringTools() {
        return new World(
                id,
                new Form(form.stream(), form.tool(), true, form.reasoning()),
                life,
                ALL_BUT_GEMINI,
                words,
                primary,
                script);
    }

    World from(UpstreamApi... apis) {
        return new World(id, form, life, Set.of(apis), words, primary, script);
    }

    /** The primary does something else. */
    World withPrimary(Function<List<String>, Script> other) {
        return new World(id, form, false, targets, words, other, script);
    }

    boolean stream() {
        return form.stream();
    }

    boolean tool() {
        return form.tool();
    }

    /** The text, or the arguments of the tool call, as one of the two targets gives them. */
    String expected(String of) {
        return String.join("", pieces(of));
    }

    private List<String> pieces(String of) {
        if (tool()) {
            return List.of("{\"ci", "ty\":\"", of + "\"}");
        }
        List<String> pieces = new ArrayList<>();
        for (int i = 1; i <= words; i++) {
            pieces.add((i == 1 ? "" : " ") + of + i + (i == words ? "." : ""));
        }
        return pieces;
    }

    /** What the primary sends from the beginning. */
    Script primaryScript() {
        return primary.apply(pieces(PRIMARY));
    }

    /** The primary's answer to a request. */
    Reply byPrimary(ReceivedRequest request) {
        return primary.apply(asked(PRIMARY, request)).in(UpstreamApi.of(request));
    }

    /** A fallback's answer in the way of this world. */
    Reply byFallback(ReceivedRequest request) {
        return script.apply(asked(FALLBACK, request)).in(UpstreamApi.of(request));
    }

    /** The same at once. */
    Reply byFallbackAtOnce(ReceivedRequest request) {
        return script.apply(asked(FALLBACK, request)).atOnce().in(UpstreamApi.of(request));
    }

    /** A request that contains the beginning of an answer requests its rest. */
    private List<String> asked(String as, ReceivedRequest request) {
        Matcher begun = BEGUN.matcher(request.body());
        if (tool() || !begun.find()) {
            return pieces(as);
        }
        String whole = expected(begun.group(1));
        String rest = whole.substring(Math.min(whole.length(), begun.group().length()));
        return rest.isEmpty() ? List.of() : List.of(rest.split("(?= )"));
    }

    @Override
    public String toString() {
        return id;
    }
}
