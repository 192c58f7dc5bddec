package dev.understudy.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The cursor and an independent parser, set to be as strict, agree on every text: whether it is JSON, and what it says. */
class JsonCursorFuzzTest {
    static final Charset BYTES = StandardCharsets.ISO_8859_1;
    private static final int CASES = 220_000;
    private static final int DEEPEST = 6;
    private static final byte[] SYNTAX = "{}[]\":,\\ \n\t0123456789.eE+-truefalsn/bu".getBytes(BYTES);

    @Test
    void theyAgreeOnWhatIsWellFormedAndOnWhatIsNot() {
        int accepted = 0;
        for (int seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] json = new RandomObject(random).write().getBytes(UTF_8);
            if (seed % 4 != 0) {
                json = damaged(json, random);
            }
            List<String> expected = OracleWalk.byLibrary(json, DEEPEST);
            List<String> found = OracleWalk.byCursor(json, DEEPEST);
            if (!found.equals(expected)) {
                fail("seed " + seed + ": " + new String(json, BYTES) + "\n" + expected + "\n" + found);
            }
            accepted += expected.isEmpty() ? 0 : 1;
        }
        assertThat(accepted).as("both sorts are there").isBetween(CASES / 4, CASES * 3 / 4);
    }

    private static byte[] damaged(byte[] json, SplittableRandom random) {
        byte[] bytes = json;
        for (int edits = 1 + random.nextInt(3); edits > 0 && bytes.length > 0; edits--) {
            int at = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, at + 1 + random.nextInt(8));
            bytes = switch (random.nextInt(6)) {
                case 0 -> Arrays.copyOf(bytes, at);
                case 1 -> joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, to, bytes.length));
                case 2 -> joined(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, at, bytes.length));
                case 3 -> with(bytes, at, (byte) random.nextInt(256));
                case 4 -> with(bytes, at, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
                default -> with(bytes, at, SYNTAX[random.nextInt(SYNTAX.length)]);
            };
        }
        return bytes;
    }

    private static byte[] with(byte[] bytes, int at, byte b) {
        byte[] changed = bytes.clone();
        changed[at] = b;
        return changed;
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
