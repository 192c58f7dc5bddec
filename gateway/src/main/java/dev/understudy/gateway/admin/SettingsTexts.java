package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.YamlTree;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The configuration as a text for people. No key is in it, wherever the file has it. */
final class SettingsTexts {
    static final String HIDDEN = "***";

    /** Keys of the configuration whose values are secrets; all headers count as such. */
    private static final Pattern SECRET_PATH = Pattern.compile("(?i).*(\\.headers\\..+|[.-](key|keys)(\\[\\d+])?)");

    /** Refers to variables, and has nothing of its own but a scheme. */
    private static final Pattern REFERENCE = Pattern.compile("((?i)bearer |basic )?(\\$\\{[A-Za-z_][A-Za-z0-9_]*})+");

    private static final int SHORTEST_SECRET = 4;

    private SettingsTexts() {}

    /** The configuration that is in force. */
    static String effective(RuntimeSettings.State state) {
        Set<String> secrets = state.settings().secrets();
        return YamlTree.text(
                YamlTree.mapTexts(state.merged(), (path, text) -> isSecret(path, text, secrets) ? HIDDEN : text));
    }

    /**
     * A file that can take the place of the configuration's. Where the file has a key as such, a variable stands, which has to be
     * set: without it the file is refused, so that a gateway with a wrong key cannot come of it.
     */
    static String export(RuntimeSettings.State state) {
        Set<String> secrets = state.settings().secrets();
        Set<String> variables = new LinkedHashSet<>();
        ObjectNode tree = YamlTree.mapTexts(state.merged(), (path, text) -> {
            if (!isSecret(path, text, secrets)) {
                return text;
            }
            String variable = "UNDERSTUDY_"
                    + path.replaceAll("[^A-Za-z0-9]+", "_")
                            .replaceFirst("_$", "")
                            .toUpperCase(Locale.ROOT);
            variables.add(variable);
            return "${" + variable + "}";
        });
        StringBuilder text = new StringBuilder("# " + oneLine(state.document().name()));
        text.append(" with the changes of the console, version ")
                .append(state.version())
                .append(".\n");
        if (!variables.isEmpty()) {
            text.append("# These variables stand for keys that are written in the file, and have to be set: ")
                    .append(String.join(", ", variables))
                    .append('\n');
        }
        return text.append(YamlTree.text(tree)).toString();
    }

    private static String oneLine(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    private static boolean isSecret(String path, String text, Set<String> secrets) {
        if (REFERENCE.matcher(text).matches()) {
            return false;
        }
        return SECRET_PATH.matcher("." + path).matches()
                || secrets.stream().anyMatch(secret -> secret.length() >= SHORTEST_SECRET && text.contains(secret));
    }
}
