package dev.understudy.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts at the edges of the grammar: those that must be read, those that must not, and those on which readers differ. */
class JsonSuiteTest {
    private static final int DEEPEST = 500;

    static Stream<String> wellFormed() {
        return Stream.of(
                "[]",
                "{}",
                " [ ] ",
                "\t{\r\n}",
                "[null,1,\"1\",{}]",
                "[[],[[]]]",
                "{\"\":0}",
                "{\"a\":{}}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":\"b\",\"c\":null}",
                "{\"a\\u0000b\":1}",
                "{\"\\ud83d\\ude00\":1}",
                "0",
                "-0",
                "[-0.0]",
                "[123e65]",
                "[0e+1]",
                "[0e1]",
                "[1E22]",
                "[1E-2]",
                "[1E+2]",
                "[123.456e78]",
                "[-123]",
                "[20e1]",
                "[0.10]",
                "[1e999999999]",
                "[-1e-999999999]",
                "[100000000000000000000000]",
                "\"\"",
                "\" \"",
                "[\"\\u0060\\u012a\\u12AB\"]",
                "[\"\\uD801\\udc37\"]",
                "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
                "[\"\\\\u0000\"]",
                "[\"\\\"\"]",
                "[\"a/*b*/c/*d//e\"]",
                "[\"\u007f\"]",
                "[\"\uffff\"]",
                "[\"\u2028\u2029\"]",
                "[\"€𝄞\"]",
                "[\"\\u0000\"]",
                "[\"\\uFFFF\\uFEFF\"]",
                "[\"new\u00a0line\"]",
                "[\"\udbff\udfff\"]",
                "true",
                "false",
                "null",
                "[true ]",
                "[1\n,1\n]",
                "[1,null,null,2]",
                "\n \"x\" \n",
                "[".repeat(DEEPEST) + "]".repeat(DEEPEST),
                "{\"a\":".repeat(200) + "0" + "}".repeat(200));
    }

    static Stream<String> broken() {
        return Stream.of(
                "",
                " ",
                "[",
                "]",
                "{",
                "}",
                "[}",
                "{]",
                "[1",
                "[1,",
                "[,",
                "[,1]",
                "[1,]",
                "[1,,2]",
                "[1 2]",
                "[1;2]",
                "[[]",
                "[]]",
                "[][]",
                "{}{}",
                "{}x",
                "{}#",
                "{}/**/",
                "{}//",
                "[1]/",
                "{}\u0000",
                "{}\uFEFF",
                "[]\f",
                "\u000b[]",
                "\u00a0[]",
                "[\u2028]",
                "[\u0000]",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":}",
                "{\"a\" 1}",
                "{\"a\"::1}",
                "{:1}",
                "{,}",
                "{\"a\":1,}",
                "{\"a\":1,,\"b\":2}",
                "{\"a\":1 \"b\":2}",
                "{\"a\",\"b\"}",
                "{\"a\":1:2}",
                "{a:1}",
                "{'a':1}",
                "{1:1}",
                "{null:1}",
                "{\"a\":[}",
                "{[]:1}",
                "{\"x\", null}",
                "{\"a\":/*x*/1}",
                "[+1]",
                "[-]",
                "[--1]",
                "[- 1]",
                "[01]",
                "[-01]",
                "[00]",
                "[0.]",
                "[.1]",
                "[-.1]",
                "[1.]",
                "[1.e1]",
                "[0.e1]",
                "[1e]",
                "[1E]",
                "[1e+]",
                "[1e-]",
                "[1e1.5]",
                "[1.2.3]",
                "[1e1e1]",
                "[0x1]",
                "[1_000]",
                "[1a]",
                "[0e+-1]",
                "[Infinity]",
                "[-Infinity]",
                "[NaN]",
                "[-NaN]",
                "[１]",
                "[1\u0000]",
                "1a",
                "1 2",
                "-",
                "0x",
                "[1eE2]",
                "[9.3e+]",
                "\"",
                "\"a",
                "[\"a]",
                "\"\\",
                "[\"\\\"]",
                "[\"\\a\"]",
                "[\"\\x00\"]",
                "[\"\\'\"]",
                "[\"\\U0041\"]",
                "[\"\\u\"]",
                "[\"\\u1\"]",
                "[\"\\u00A\"]",
                "[\"\\u 123\"]",
                "[\"\\u12g4\"]",
                "[\"\\u+123\"]",
                "[\"\\uD834\\u\"]",
                "[\"\\é\"]",
                "[\"\\\t\"]",
                "['a']",
                "[\"\n\"]",
                "[\"\t\"]",
                "[\"\u0000\"]",
                "[\"\u001f\"]",
                "[\"a\"b]",
                "\"a\"b",
                "[\"a\" \"b\"]",
                "[\"012345\u001f67890\"]",
                "[\"\\u٠٠٠٠\"]",
                "t",
                "tru",
                "True",
                "TRUE",
                "truee",
                "[truefalse]",
                "[nul]",
                "nulll",
                "[fals]",
                "[false\u0000]",
                "undefined",
                "None",
                "[" + "[".repeat(DEEPEST) + "]".repeat(DEEPEST) + "]",
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "<html>",
                "data: {}",
                "[DONE]",
                "[\u0001]",
                "\\u005b]",
                "[\"\",",
                "[\"a\",\n4\n,1,",
                "{\"a\":true} \"x\"",
                "[1:2]");
    }

    /** On these the standard leaves a choice; ours is that of the library, which we used before. */
    static Stream<String> betweenThem() {
        return Stream.of(
                "[\"\\ud800\"]",
                "[\"\\udc00\"]",
                "[\"\\ud800\\ud800\"]",
                "[\"\\udc00\\ud800\"]",
                "[\"\\ud800a\"]",
                "[\"\\uD834\\n\"]",
                "{\"\\ud800\":1}",
                "{\"\\udc00\":1}",
                "{\"\\ud83dx\":1}",
                "{\"\\ud83d\\n\":1}",
                "{\"\\ud83d\\ud83d\\ude00\":1}",
                "{\"😀\\ude00\":1}",
                "{\"\\ud83d😀\":1}",
                "{\"\\uD83D\\uDE00\\uD83D\":1}",
                "{\"\\ud83d\\u0041\":1}",
                "{\"a long name \\ud83d\\ude00 with a pair\":1}",
                "{\"\\u0000\":0,\"\\u0022\":1,\"\\\\\":2}",
                "9".repeat(10_000),
                "9".repeat(10_001),
                "-" + "9".repeat(10_000),
                "0." + "9".repeat(9_999),
                "0." + "9".repeat(10_000),
                "1e" + "9".repeat(9_999),
                "1e" + "9".repeat(10_000),
                "1.5e+" + "9".repeat(9_998));
    }

    @ParameterizedTest
    @MethodSource("wellFormed")
    void what_is_well_formed_is_read(String json) {
        assertThat(OracleWalk.byCursor(json.getBytes(UTF_8), DEEPEST)).isNotEmpty();
        agrees(json);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void what_is_broken_is_refused(String json) {
        assertThat(OracleWalk.byCursor(json.getBytes(UTF_8), DEEPEST)).isEmpty();
        agrees(json);
    }

    @ParameterizedTest
    @MethodSource("betweenThem")
    void what_is_open_is_decided_as_the_library_does(String json) {
        agrees(json);
    }

    private static void agrees(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        assertThat(OracleWalk.byCursor(bytes, DEEPEST)).isEqualTo(OracleWalk.byLibrary(bytes, DEEPEST));
    }
}
