package dev.understudy.protocol.json;

import java.util.Arrays;

/** Which objects and arrays have begun and not ended: a bit for each. */
final class Nesting {
    private final int deepest;
    private long[] objects = new long[1];
    private int depth;
    private boolean inObject;

    Nesting(int deepest) {
        this.deepest = deepest;
    }

    void clear() {
        depth = 0;
        inObject = false;
    }

    int depth() {
        return depth;
    }

    /** Whether the innermost is an object; false also if there is none. */
    boolean inObject() {
        return inObject;
    }

    /** One more begins; false if that is one too many. */
    boolean enter(boolean object) {
        if (depth == deepest) {
            return false;
        }
        int word = depth >> 6;
        if (word == objects.length) {
            objects = Arrays.copyOf(objects, word * 2);
        }
        long bit = 1L << depth;
        objects[word] = object ? objects[word] | bit : objects[word] & ~bit;
        depth++;
        inObject = object;
        return true;
    }

    /** The innermost ends. */
    void leave() {
        depth--;
        inObject = depth > 0 && (objects[(depth - 1) >> 6] & 1L << (depth - 1)) != 0;
    }
}
