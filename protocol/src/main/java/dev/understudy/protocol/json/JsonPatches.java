package dev.understudy.protocol.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Changes spans of a JSON text, at any depth, and leaves every other byte as it is. {@link Splice} does the same for the members
 * of a whole body. Spans must not overlap. Not thread-safe.
 */
public final class JsonPatches {
    /**
     * A value of a list, or a member of an object with its name.
     *
     * @param from the offset of its first byte
     * @param to the offset after its last byte
     */
    public record Span(int from, int to) {}

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Patch(int from, int to, byte[] bytes) {}

    private static final byte[] NOTHING = {};

    private final List<Patch> patches = new ArrayList<>();

    public boolean isEmpty() {
        return patches.isEmpty();
    }

    /** Writes a JSON text in place of a value. */
    public void replace(Span value, String json) {
        patches.add(new Patch(value.from(), value.to(), json.getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes a text before a value or member. */
    public void insert(int before, String json) {
        patches.add(new Patch(before, before, json.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Removes items of a list, or members of an object, with the commas that they leave.
     *
     * @param all of the list's or object's items, in order
     * @param removed by their positions
     */
    public void remove(List<Span> all, IntPredicate removed) {
        int lastKept = all.size() - 1;
        while (lastKept >= 0 && removed.test(lastKept)) {
            lastKept--;
        }
        for (int i = 0; i < lastKept; i++) {
            if (removed.test(i)) {
                patches.add(new Patch(all.get(i).from(), all.get(i + 1).from(), NOTHING));
            }
        }
        if (lastKept < all.size() - 1) {
            int from = lastKept < 0 ? all.getFirst().from() : all.get(lastKept).to();
            patches.add(new Patch(from, all.getLast().to(), NOTHING));
        }
    }

    /** The text with all changes. */
    public byte[] apply(byte[] text) {
        patches.sort(Comparator.comparingInt(Patch::from).thenComparingInt(Patch::to));
        ByteArrayOutputStream patched = new ByteArrayOutputStream(text.length + 256);
        int from = 0;
        for (Patch patch : patches) {
            patched.write(text, from, patch.from() - from);
            patched.writeBytes(patch.bytes());
            from = patch.to();
        }
        patched.write(text, from, text.length - from);
        return patched.toByteArray();
    }
}
