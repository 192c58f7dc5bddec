package dev.understudy.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.json.Splice.Edit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpliceTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        first      | {"x":0, "b":1, "c":2}     | {"b":1, "c":2}
        middle     | {"b":1 , "x":0 , "c":2}   | {"b":1 , "c":2}
        last       | {"b":1, "c":2, "x":0}     | {"b":1, "c":2}
        only       | { "x" : 0 }               | {  }
        two last   | {"b":1, "x":0, "y":0 }    | {"b":1 }
        two first  | {"x":0,"y":0,"b":1}       | {"b":1}
        around     | {"x":0, "b":1, "y":0}     | {"b":1}
        all        | {"x":0,"y":0}             | {}
        none       | {"b":1}                   | {"b":1}
        empty      | {}                        | {}
        """)
    void removesAMemberWithTheRightComma(String where, String body, String expected) throws BadRequest {
        assertThat(edited(body, Set.of("x", "y"))).as(where).isEqualTo(expected);
    }

    @Test
    void appendsAfterTheLastKeptMember() throws BadRequest {
        Edit z = new Edit("z", "[1.0]");
        assertThat(edited("{\"a\":1 }", Set.of(), z)).isEqualTo("{\"a\":1,\"z\":[1.0] }");
        assertThat(edited("{\"a\":1, \"x\":2 }", Set.of("x"), z)).isEqualTo("{\"a\":1,\"z\":[1.0] }");
        assertThat(edited("{ \"x\":2 }", Set.of("x"), z)).isEqualTo("{ \"z\":[1.0] }");
        assertThat(edited("{}", Set.of(), z, new Edit("y", "2"))).isEqualTo("{\"z\":[1.0],\"y\":2}");
        assertThat(edited("{ }", Set.of(), z)).isEqualTo("{\"z\":[1.0] }");
    }

    @Test
    void replacesAndAppendsAndRemovesAtOnce() throws BadRequest {
        String body = "{\"model\":\"a\", \"fallbacks\":[], \"top_p\":1.10, \"tail\":0}";
        assertThat(edited(
                        body,
                        Set.of("fallbacks", "tail"),
                        Edit.ofString("model", "b"),
                        new Edit("seed", "7"),
                        new Edit("top_p", "1e2")))
                .isEqualTo("{\"model\":\"b\", \"top_p\":1e2,\"seed\":7}");
    }

    @Test
    void replacesTheLastMemberAndAppendsBehindIt() throws BadRequest {
        assertThat(edited("{\"a\":1}", Set.of(), new Edit("z", "2"), new Edit("a", "3")))
                .isEqualTo("{\"a\":3,\"z\":2}");
    }

    @Test
    void anEditOfARemovedMemberAppendsItAgain() throws BadRequest {
        assertThat(edited("{\"x\":1,\"a\":2}", Set.of("x"), new Edit("x", "9"))).isEqualTo("{\"a\":2,\"x\":9}");
    }

    @Test
    void editsBothOfANameThatStandsTwice() throws BadRequest {
        assertThat(edited("{\"t\":1,\"a\":2,\"t\":3}", Set.of(), new Edit("t", "0")))
                .isEqualTo("{\"t\":0,\"a\":2,\"t\":0}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"a":[]}                 | {"a":[7]}
        {"a":[ ]}                | {"a":[7 ]}
        {"a":[1]}                | {"a":[1,7]}
        {"a":["[" , {}  ],"b":2} | {"a":["[" , {},7  ]}
        {"a":[[]],"b":2}         | {"a":[[],7]}
        """)
    void appendsToAList(String body, String expected) throws BadRequest {
        Members members = Members.scan(body.getBytes(UTF_8), BodyLimits.ofDefaults());
        byte[] result = Splice.without("b"::equals, members).apply(List.of(), List.of(new Splice.Item("a", "7")));
        assertThat(new String(result, UTF_8)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":{}}", "{\"b\":[]}", "{\"removed\":[]}", "{\"edited\":[]}"})
    void appendsToNothingElse(String body) throws BadRequest {
        Members members = Members.scan(body.getBytes(UTF_8), BodyLimits.ofDefaults());
        Splice splice = Splice.without("removed"::equals, members);
        List<Edit> edits = List.of(new Edit("edited", "[]"));
        for (String name : List.of("a", "removed", "edited")) {
            List<Splice.Item> items = List.of(new Splice.Item(name, "7"));
            assertThatThrownBy(() -> splice.apply(edits, items)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void dropsAByteOrderMark() throws BadRequest {
        assertThat(edited("\uFEFF {\"model\":\"é\",\"x\":0}", Set.of("x"), Edit.ofString("model", "b")))
                .isEqualTo(" {\"model\":\"b\"}");
    }

    @Test
    void escapesNamesOfModels() throws BadRequest {
        String name = "a\"b\\c\n\u0001é😀\ud800";
        String body = edited("{\"model\":0}", Set.of(), Edit.ofString("model", name));
        assertThat(body).isEqualTo("{\"model\":\"a\\\"b\\\\c\\n\\u0001é😀\\ud800\"}");
        Members members = Members.scan(body.getBytes(UTF_8), BodyLimits.ofDefaults());
        assertThat(members.string(0)).isEqualTo(name);
    }

    /** The heart of the promise: whatever the body looks like, what was not asked for does not change. */
    @Test
    void everyOtherByteStaysAsItIs() throws BadRequest {
        for (int seed = 0; seed < 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String body = new RandomObject(random).write();
            byte[] bytes = body.getBytes(UTF_8);
            Members members = Members.scan(bytes, BodyLimits.ofDefaults());
            for (int i = 0; i < members.size(); i++) {
                assertThat(text(bytes, members.nameStart(i), members.nameStart(i) + 4))
                        .as("name %d, seed %d", i, seed)
                        .isEqualTo("\"m" + i + "\"");
                assertThat(body).as("seed %d", seed).contains(members.json(i));
            }
            List<String> kept = new ArrayList<>();
            List<Edit> edits = new ArrayList<>();
            Set<String> removed = new HashSet<>();
            for (int i = 0; i < members.size(); i++) {
                String name = members.name(i);
                switch (random.nextInt(4)) {
                    case 0 -> removed.add(name);
                    case 1 -> {
                        edits.add(new Edit(name, "\"NEW\""));
                        kept.add(name + "=\"NEW\"");
                    }
                    default -> kept.add(name + "=" + members.json(i));
                }
            }
            byte[] result = Splice.without(removed::contains, members).apply(edits);
            Members after = Members.scan(result, BodyLimits.ofDefaults());
            List<String> found = new ArrayList<>();
            for (int i = 0; i < after.size(); i++) {
                found.add(after.name(i) + "=" + after.json(i));
            }
            assertThat(found).as("seed %d: %s", seed, body).isEqualTo(kept);
            if (removed.isEmpty()) {
                assertThat(masked(result, after)).as("seed %d", seed).isEqualTo(masked(bytes, members));
            }
        }
    }

    @Test
    void noEditIsTheSameBytes() throws BadRequest {
        for (int seed = 0; seed < 5_000; seed++) {
            byte[] bytes = new RandomObject(new SplittableRandom(seed)).write().getBytes(UTF_8);
            Members members = Members.scan(bytes, BodyLimits.ofDefaults());
            assertThat(Splice.without(name -> false, members).apply(List.of()))
                    .as("seed %d", seed)
                    .isEqualTo(bytes);
        }
    }

    /** Everything but the values. */
    private static String masked(byte[] bytes, Members members) {
        StringBuilder outside = new StringBuilder();
        int at = 0;
        for (int i = 0; i < members.size(); i++) {
            outside.append(text(bytes, at, members.valueStart(i))).append('_');
            at = members.valueEnd(i);
        }
        return outside.append(text(bytes, at, bytes.length)).toString();
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, UTF_8);
    }

    private static String edited(String body, Set<String> removed, Edit... edits) throws BadRequest {
        Members members = Members.scan(body.getBytes(UTF_8), BodyLimits.ofDefaults());
        return new String(Splice.without(removed::contains, members).apply(List.of(edits)), UTF_8);
    }
}
