package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.json.JsonText;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a call's arguments together that come value by value, each with its path ({@code $.steps[0].text}), and tells the
 * text of the JSON object as it grows: containers are opened when a value lies in them, and closed when the next one does
 * not. A string may come in several pieces, each under the same path.
 */
final class ArgumentsText {

    /** An object or a list that is open. */
    private static final class Container {
        final String step;
        final boolean list;
        boolean hasMembers;

        Container(String step, boolean list) {
            this.step = step;
            this.list = list;
        }
    }

    private final List<Container> open = new ArrayList<>();
    private String openString = "";

    /** @return what it adds to the text */
    String add(Piece.Argument argument) {
        boolean isString = argument.json().startsWith("\"");
        String value = argument.json();
        if (isString && !openString.isEmpty() && openString.equals(argument.path())) {
            return value.substring(1, value.length() - 1);
        }
        List<String> steps = steps(argument.path());
        if (steps.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        closeString(text);
        navigate(steps, text);
        member(steps.getLast(), text);
        if (isString) {
            // Its end is known when the next value comes, or none.
            text.append(value, 0, value.length() - 1);
            openString = argument.path();
        } else {
            text.append(value);
        }
        return text.toString();
    }

    /** @return the end of the text */
    String end() {
        StringBuilder text = new StringBuilder(open.isEmpty() ? "{}" : "");
        closeString(text);
        close(0, text);
        return text.toString();
    }

    private void closeString(StringBuilder text) {
        if (!openString.isEmpty()) {
            text.append('"');
            openString = "";
        }
    }

    private void navigate(List<String> steps, StringBuilder text) {
        if (open.isEmpty()) {
            open.add(new Container("", false));
            text.append('{');
        }
        int common = 0;
        while (common + 1 < open.size()
                && common + 1 < steps.size()
                && open.get(common + 1).step.equals(steps.get(common))
                && open.get(common + 1).list == isIndex(steps.get(common + 1))) {
            common++;
        }
        close(common + 1, text);
        for (int i = common; i + 1 < steps.size(); i++) {
            member(steps.get(i), text);
            boolean list = isIndex(steps.get(i + 1));
            text.append(list ? '[' : '{');
            open.add(new Container(steps.get(i), list));
        }
    }

    private void member(String step, StringBuilder text) {
        Container container = open.getLast();
        text.append(container.hasMembers ? "," : "");
        container.hasMembers = true;
        if (!container.list) {
            text.append(JsonText.quote(step.substring(1))).append(':');
        }
    }

    private void close(int depth, StringBuilder text) {
        while (open.size() > depth) {
            text.append(open.removeLast().list ? ']' : '}');
        }
    }

    private static boolean isIndex(String step) {
        return step.charAt(0) == '[';
    }

    /** The steps of a path: a name behind a dot, a number behind a bracket. */
    private static List<String> steps(String path) {
        List<String> steps = new ArrayList<>();
        int i = path.startsWith("$") ? 1 : 0;
        while (i < path.length()) {
            char c = path.charAt(i);
            if (c == '[' && i + 1 < path.length() && (path.charAt(i + 1) == '\'' || path.charAt(i + 1) == '"')) {
                int end = path.indexOf(path.charAt(i + 1) + "]", i + 2);
                int to = end < 0 ? path.length() : end;
                steps.add("." + path.substring(Math.min(i + 2, to), to));
                i = end < 0 ? to : end + 2;
            } else if (c == '[') {
                int end = path.indexOf(']', i);
                int to = end < 0 ? path.length() : end;
                steps.add("[" + path.substring(i + 1, to));
                i = end < 0 ? to : end + 1;
            } else {
                int from = c == '.' ? i + 1 : i;
                int to = from;
                while (to < path.length() && path.charAt(to) != '.' && path.charAt(to) != '[') {
                    to++;
                }
                steps.add("." + path.substring(from, to));
                i = Math.max(to, i + 1);
            }
        }
        // The arguments are an object; a path that begins with an index has no place in them.
        return steps.isEmpty() || isIndex(steps.getFirst()) ? List.of() : steps;
    }
}
