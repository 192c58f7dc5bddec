package dev.understudy.protocol.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Edits the top-level members of a body and leaves every other byte as it is.
 *
 * <p>Why not read, change and write: a tree turns {@code 1.10} into {@code 1.1}, reorders or drops what it does not
 * know, and moves the bytes by which providers recognise a cached prompt.
 *
 * <p>What is removed is planned once per request; {@link #apply} then costs one copy per target.
 *
 * <p><b>Commas.</b> A removed member that has a kept one behind it goes with its comma and with the white space up to
 * the next name; the ones after the last kept member go with the comma before them. So {@code {"a":1, "b":2, "c":3}}
 * without {@code b} is {@code {"a":1, "c":3}}, and without {@code c} is {@code {"a":1, "b":2}}.
 */
public final class Splice {

    /**
     * A value to put in a member's place, or to append under that name if there is no such member.
     *
     * @param json the value as JSON text
     */
    public record Edit(String name, String json) {
        /** A value that is a string. */
        public static Edit ofString(String name, String value) {
            return new Edit(name, JsonOut.quote(value));
        }
    }

    /**
     * Something to append to the list that is a member's value.
     *
     * @param json the item as JSON text, or several separated by commas
     */
    public record Item(String name, String json) {}

    /** New bytes for what stands from {@code from} to {@code to}. */
    private static final class Patch {
        final int from;
        final int to;
        final byte[] bytes;

        Patch(int from, int to, byte[] bytes) {
            this.from = from;
            this.to = to;
            this.bytes = bytes;
        }
    }

    private static final Comparator<Patch> BY_PLACE =
            Comparator.<Patch>comparingInt(patch -> patch.from).thenComparingInt(patch -> patch.to);

    private static final byte[] NOTHING = {};

    private final Members members;
    private final boolean[] removed;
    private final List<Patch> cuts;
    private final int appendAt;
    private final boolean anyKept;

    private Splice(Members members, boolean[] removed) {
        this.members = members;
        this.removed = removed;
        int lastKept = members.size() - 1;
        while (lastKept >= 0 && removed[lastKept]) {
            lastKept--;
        }
        this.anyKept = lastKept >= 0;
        this.appendAt = anyKept
                ? members.valueEnd(lastKept)
                : members.size() > 0 ? members.nameStart(0) : members.braceAt() + 1;
        this.cuts = cuts(lastKept);
    }

    /** A plan that removes every member whose name is {@code unwanted}. */
    public static Splice without(Predicate<String> unwanted, Members members) {
        boolean[] removed = new boolean[members.size()];
        for (int i = 0; i < removed.length; i++) {
            removed[i] = unwanted.test(members.name(i));
        }
        return new Splice(members, removed);
    }

    private List<Patch> cuts(int lastKept) {
        List<Patch> found = new ArrayList<>();
        if (members.textStart() > 0) {
            // A byte order mark: we may take it, but not everybody does (RFC 8259, 8.1).
            found.add(new Patch(0, members.textStart(), NOTHING));
        }
        for (int i = 0; i < lastKept; i++) {
            if (removed[i]) {
                found.add(new Patch(members.nameStart(i), members.nameStart(i + 1), NOTHING));
            }
        }
        int last = members.size() - 1;
        if (lastKept < last) {
            found.add(new Patch(appendAt, members.valueEnd(last), NOTHING));
        }
        return found;
    }

    /**
     * The body with these edits and without what was to be removed.
     *
     * <p>An edit of a member that is removed appends it again, with the edit's value. A name that stands twice in the
     * body is edited in both places, since readers differ in which of them counts.
     */
    public byte[] apply(List<Edit> edits) {
        return apply(edits, List.of());
    }

    /**
     * The same, with items at the end of lists.
     *
     * @throws IllegalArgumentException if an item's name is not that of a list that is kept, or is edited too
     */
    public byte[] apply(List<Edit> edits, List<Item> items) {
        List<Patch> patches = new ArrayList<>(cuts.size() + edits.size() + items.size());
        patches.addAll(cuts);
        for (Item item : items) {
            if (edits.stream().anyMatch(edit -> edit.name().equals(item.name())) || !append(item, patches)) {
                throw new IllegalArgumentException("no list to append to: " + item.name());
            }
        }
        boolean comma = anyKept;
        for (Edit edit : edits) {
            if (!replace(edit, patches)) {
                String member = (comma ? "," : "") + JsonOut.quote(edit.name()) + ":" + edit.json();
                patches.add(new Patch(appendAt, appendAt, member.getBytes(StandardCharsets.UTF_8)));
                comma = true;
            }
        }
        // Stable: what is appended keeps its order, and comes before a cut that begins in the same place.
        patches.sort(BY_PLACE);
        return patched(patches);
    }

    private boolean replace(Edit edit, List<Patch> patches) {
        boolean found = false;
        for (int i = 0; i < members.size(); i++) {
            if (!removed[i] && members.name(i).equals(edit.name())) {
                byte[] json = edit.json().getBytes(StandardCharsets.UTF_8);
                patches.add(new Patch(members.valueStart(i), members.valueEnd(i), json));
                found = true;
            }
        }
        return found;
    }

    private boolean append(Item item, List<Patch> patches) {
        boolean found = false;
        for (int i = 0; i < members.size(); i++) {
            if (!removed[i] && members.name(i).equals(item.name()) && members.kind(i) == ValueKind.ARRAY) {
                int at = members.valueEnd(i) - 1;
                while (isBlank(members.body()[at - 1])) {
                    at--;
                }
                String comma = members.body()[at - 1] == '[' ? "" : ",";
                patches.add(new Patch(at, at, (comma + item.json()).getBytes(StandardCharsets.UTF_8)));
                found = true;
            }
        }
        return found;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    private byte[] patched(List<Patch> patches) {
        byte[] body = members.body();
        int length = body.length;
        for (Patch patch : patches) {
            length += patch.bytes.length - (patch.to - patch.from);
        }
        byte[] result = new byte[length];
        int read = 0;
        int written = 0;
        for (Patch patch : patches) {
            int kept = patch.from - read;
            System.arraycopy(body, read, result, written, kept);
            written += kept;
            System.arraycopy(patch.bytes, 0, result, written, patch.bytes.length);
            written += patch.bytes.length;
            read = patch.to;
        }
        System.arraycopy(body, read, result, written, body.length - read);
        return result;
    }
}
