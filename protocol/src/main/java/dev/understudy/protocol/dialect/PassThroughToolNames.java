package dev.understudy.protocol.dialect;

import dev.understudy.protocol.json.JsonCursor;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonPatches;
import dev.understudy.protocol.json.JsonPatches.Span;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Token;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names of functions in a request that is passed through to a vendor of the same dialect which refuses them: a call that falls back
 * to it, from a server that accepts any name. They are replaced as in translated requests ({@link TargetLimits#fit}), in
 * definitions, choices, calls and results. All other bytes stay the same, and without such a name nothing but the tools is read.
 *
 * <p>All dialects have these names in members called {@code name}, so one walk serves all of them. It does not enter what belongs
 * to the caller: arguments, results and schemas.
 */
public final class PassThroughToolNames {
    private static final int DEEPEST = 1_000;
    private static final List<String> DEFINITIONS = List.of("tools", "functions", "toolConfig");
    private static final Set<String> LISTS_OF_NAMES = Set.of("allowedFunctionNames", "allowed_function_names");

    /** {@code input} is a conversation at the top of a Response, and arguments everywhere else. */
    private static final String INPUT = "input";

    private static final Set<String> CALLERS_OWN = Set.of(
            "parameters",
            "parametersJsonSchema",
            "parameters_json_schema",
            "input_schema",
            "inputSchema",
            "args",
            "response",
            "response_format",
            "json",
            "metadata",
            "requestMetadata",
            "text");

    private PassThroughToolNames() {}

    @FunctionalInterface
    private interface NameReader {
        void read(String name, Span at);
    }

    /** The replacements of the names that are not accepted, by those names; of broken tools, of what comes before the fault. */
    public static Map<String, String> replacements(Members members, TargetLimits limits) {
        Map<String, String> replacements = new HashMap<>(0);
        for (String definitions : DEFINITIONS) {
            int index = members.indexOf(definitions);
            if (index >= 0) {
                walk(members.body(), members.valueStart(index), members.valueEnd(index), 1, (name, at) -> {
                    String fit = limits.fit(name);
                    if (!fit.equals(name)) {
                        replacements.put(name, fit);
                    }
                });
            }
        }
        return replacements;
    }

    /** The body with the replacements in place of the names. */
    public static byte[] replaced(byte[] body, Map<String, String> replacements) {
        JsonPatches patches = new JsonPatches();
        walk(body, 0, body.length, 0, (name, at) -> {
            String replacement = replacements.get(name);
            if (replacement != null) {
                patches.replace(at, JsonOut.quote(replacement));
            }
        });
        return patches.isEmpty() ? body : patches.apply(body);
    }

    private static void walk(byte[] body, int from, int to, int depth, NameReader names) {
        JsonCursor cursor = new JsonCursor(DEEPEST);
        try {
            cursor.over(body, from, to).next();
            value(cursor, "", depth, names);
        } catch (MalformedJson unreadable) {
            // The provider reports what is wrong with it.
        } finally {
            cursor.release();
        }
    }

    private static void value(JsonCursor cursor, String member, int depth, NameReader names) throws MalformedJson {
        switch (cursor.token()) {
            case START_OBJECT -> {
                while (cursor.next() == Token.NAME) {
                    String name = cursor.string().decoded();
                    cursor.next();
                    if (CALLERS_OWN.contains(name) || (depth > 0 && name.equals(INPUT))) {
                        cursor.skipRest();
                    } else {
                        value(cursor, name, depth + 1, names);
                    }
                }
            }
            case START_ARRAY -> {
                while (cursor.next() != Token.END_ARRAY) {
                    value(cursor, LISTS_OF_NAMES.contains(member) ? "name" : "", depth + 1, names);
                }
            }
            case STRING -> {
                if (member.equals("name")) {
                    names.read(cursor.string().decoded(), new Span(cursor.start(), cursor.end()));
                }
            }
            case END_OBJECT, END_ARRAY, NAME, NUMBER, TRUE, FALSE, NULL -> {}
        }
    }
}
