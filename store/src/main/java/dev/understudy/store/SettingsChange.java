package dev.understudy.store;

import java.util.List;

/**
 * A change of the settings.
 *
 * @param layer the text of the whole layer after the change; at most {@value #LONGEST_LAYER} characters
 * @param author the name of the person or program that made the change; empty if unknown
 * @param note why the change was made; empty if there is no note
 * @param changes what is different, one line each
 */
public record SettingsChange(String layer, String author, String note, List<String> changes) {
    /** The longest layer, in characters. */
    public static final int LONGEST_LAYER = 1_000_000;

    private static final int LONGEST_AUTHOR = 200;
    private static final int LONGEST_NOTE = 2_000;
    private static final int LONGEST_LINE = 1_000;
    private static final int MOST_LINES = 500;

    /** Texts for display are shortened; the layer is not. */
    public SettingsChange {
        if (layer.length() > LONGEST_LAYER) {
            throw new IllegalArgumentException("the settings have " + layer.length() + " characters, more than the "
                    + LONGEST_LAYER + " that can be kept");
        }
        if (!layer.equals(StoredText.of(layer, LONGEST_LAYER))) {
            throw new IllegalArgumentException("the settings contain characters that cannot be kept (NUL)");
        }
        author = StoredText.of(author, LONGEST_AUTHOR);
        note = StoredText.of(note, LONGEST_NOTE);
        changes = changes.stream()
                .limit(MOST_LINES)
                .map(line -> StoredText.of(line.replace('\n', ' '), LONGEST_LINE))
                .toList();
    }
}
