package dev.understudy.protocol.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

/**
 * Texts to search for, by their first eight characters, so that the time of a search does not depend on their number: a
 * caller that brings a key adds to them.
 *
 * <p>A filter of 65,536 bits rejects nearly all places of a text without a look into the map. Its bits are only ever set, so
 * it gets weaker with the number of different keys that a process has seen, and never wrong.
 */
final class SecretIndex {
    /** The characters that are packed into the key of the map, one byte each. */
    private static final int WINDOW = SecretsInUse.SHORTEST;

    private static final int FILTER_BITS = 1 << 16;
    private static final int FILTER_SHIFT = Long.SIZE - 16;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final ConcurrentHashMap<Long, List<Entry>> entries = new ConcurrentHashMap<>();
    private final AtomicLongArray filter = new AtomicLongArray(FILTER_BITS / Long.SIZE);

    /** @param uses how often it was added and not removed */
    private record Entry(String text, int uses) {}

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Adds a text of at least eight characters. */
    void add(String text) {
        long window = windowOf(text);
        entries.compute(window, (same, known) -> changed(known == null ? List.of() : known, text, 1));
        int bit = bitOf(window);
        filter.getAndUpdate(bit / Long.SIZE, bits -> bits | (1L << bit));
    }

    void remove(String text) {
        entries.computeIfPresent(windowOf(text), (same, known) -> {
            List<Entry> rest = changed(known, text, -1);
            return rest.isEmpty() ? null : rest;
        });
    }

    private static List<Entry> changed(List<Entry> known, String text, int by) {
        List<Entry> all = new ArrayList<>();
        int uses = by;
        for (Entry entry : known) {
            if (entry.text.equals(text)) {
                uses += entry.uses;
            } else {
                all.add(entry);
            }
        }
        if (uses > 0) {
            all.add(new Entry(text, uses));
        }
        return List.copyOf(all);
    }

    /** Whether a text has to be searched. Headers of every answer are looked at, so this makes no objects. */
    boolean mayBeIn(String text) {
        long window = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            window = slide(window, c);
            if (c == '\\' || c == '%' || (i + 1 >= WINDOW && isInFilter(window))) {
                return true;
            }
        }
        return false;
    }

    private boolean isInFilter(long window) {
        int bit = bitOf(window);
        return (filter.get(bit / Long.SIZE) & (1L << bit)) != 0;
    }

    /** The length of the longest text that begins at a place; 0 if there is none. */
    int lengthAt(char[] view, int length, int at, long window) {
        if (!isInFilter(window)) {
            return 0;
        }
        int longest = 0;
        for (Entry entry : entries.getOrDefault(window, List.of())) {
            int end = at + entry.text.length();
            if (entry.text.length() > longest && end <= length && matches(entry.text, view, at)) {
                longest = entry.text.length();
            }
        }
        return longest;
    }

    private static boolean matches(String text, char[] view, int at) {
        for (int i = 0; i < text.length(); i++) {
            if (view[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    void forEach(Consumer<String> action) {
        entries.values().forEach(same -> same.forEach(entry -> action.accept(entry.text)));
    }

    /** The window after one more character. A character outside ASCII may give the window of another text, which is compared. */
    static long slide(long window, char next) {
        return (window << Byte.SIZE) | (next & 0xFF);
    }

    private static long windowOf(String text) {
        long window = 0;
        for (int i = 0; i < WINDOW; i++) {
            window = slide(window, text.charAt(i));
        }
        return window;
    }

    private static int bitOf(long window) {
        return (int) ((window * MULTIPLIER) >>> FILTER_SHIFT);
    }
}
