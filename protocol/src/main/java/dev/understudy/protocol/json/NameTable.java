package dev.understudy.protocol.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Names that are looked for, found by their bytes without making a string of them.
 *
 * <p>The place of a name follows from its length, its first and its last byte. That is quick, and enough for a few
 * dozen names; what a caller sends is only ever looked up, so that it cannot fill the table.
 */
public final class NameTable {
    private final byte[][] keys;
    private final String[] names;
    private final int mask;

    private NameTable(int slots) {
        keys = new byte[slots][];
        names = new String[slots];
        mask = slots - 1;
        Arrays.fill(keys, new byte[0]);
        Arrays.fill(names, "");
    }

    /** @param names in ASCII, not empty, without a quote or a backslash */
    public static NameTable of(String... names) {
        NameTable table = new NameTable(Integer.highestOneBit(names.length) * 8);
        for (String name : names) {
            if (name.isEmpty() || !name.chars().allMatch(c -> c >= ' ' && c < 0x7F && c != '"' && c != '\\')) {
                throw new IllegalArgumentException("not a plain name: " + name);
            }
            byte[] key = name.getBytes(US_ASCII);
            int slot = table.slotOf(key, 0, key.length);
            table.keys[slot] = key;
            table.names[slot] = name;
        }
        return table;
    }

    /** The name that these bytes are, and {@code ""} if it is none of the table. */
    String find(byte[] text, int from, int to) {
        return from == to ? "" : names[slotOf(text, from, to)];
    }

    /** Where the name is, or the free place where it would be. */
    private int slotOf(byte[] text, int from, int to) {
        int slot = (to - from) * 7 + text[from] * 31 + text[to - 1] * 13;
        while (true) {
            slot &= mask;
            byte[] key = keys[slot];
            if (key.length == 0 || isKey(key, text, from, to)) {
                return slot;
            }
            slot++;
        }
    }

    /** For a few bytes, a loop is quicker than a call of the library. */
    private static boolean isKey(byte[] key, byte[] text, int from, int to) {
        if (key.length != to - from) {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            if (key[i] != text[from + i]) {
                return false;
            }
        }
        return true;
    }
}
