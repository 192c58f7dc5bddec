package dev.understudy.protocol.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCursorTest {
    private static final NameTable NAMES = NameTable.of("model", "n", "messages");

    private static JsonCursor over(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        return new JsonCursor(64).over(bytes, 0, bytes.length);
    }

    private static JsonCursor at(String json) throws MalformedJson {
        JsonCursor cursor = over(json);
        cursor.next();
        return cursor;
    }

    private static void read(JsonCursor cursor) throws MalformedJson {
        cursor.next();
        cursor.skipRest();
    }

    private static MalformedJson fault(JsonCursor cursor) {
        MalformedJson fault = catchThrowableOfType(MalformedJson.class, () -> {
            read(cursor);
            if (!cursor.isAtEnd()) {
                cursor.next();
            }
        });
        assertThat(fault).isNotNull();
        return fault;
    }

    @Test
    void each_token_has_its_place() throws MalformedJson {
        JsonCursor cursor = over(" {\"a\" : [-1.5 , \"é\"],\"b\":{} } ");
        StringBuilder walk = new StringBuilder();
        while (!cursor.isAtEnd()) {
            walk.append(cursor.next())
                    .append(cursor.start())
                    .append('-')
                    .append(cursor.end())
                    .append(' ');
        }

        assertThat(walk)
                .hasToString("START_OBJECT1-2 NAME2-5 START_ARRAY8-9 NUMBER9-13 STRING16-20 END_ARRAY20-21 NAME22-25"
                        + " START_OBJECT26-27 END_OBJECT27-28 END_OBJECT29-30 ");
        assertThat(fault(cursor).fault()).isEqualTo(JsonFault.ENDS_EARLY);
    }

    @Test
    void what_is_skipped_ends_where_it_ends() throws MalformedJson {
        JsonCursor cursor = over("[[1,{\"a\":[]}],2]");
        cursor.next();
        cursor.next();
        cursor.skipRest();
        assertThat(cursor.token()).isEqualTo(Token.END_ARRAY);
        assertThat(cursor.end()).isEqualTo(13);

        assertThat(cursor.next()).isEqualTo(Token.NUMBER);
        cursor.skipRest();
        assertThat(cursor.whole(-1)).isEqualTo(2);
        assertThat(cursor.next()).isEqualTo(Token.END_ARRAY);
        cursor.skipRest();
        assertThat(cursor.isAtEnd()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "`` ~ ENDS_EARLY ~ 0",
                "` ` ~ ENDS_EARLY ~ 1",
                "[1 ~ ENDS_EARLY ~ 2",
                "\"a ~ ENDS_EARLY ~ 2",
                "\"\\ ~ ENDS_EARLY ~ 2",
                "\"\\u12 ~ ENDS_EARLY ~ 5",
                "{\"a\" ~ ENDS_EARLY ~ 4",
                "{\"a\": ~ ENDS_EARLY ~ 5",
                "tru ~ ENDS_EARLY ~ 3",
                "- ~ ENDS_EARLY ~ 1",
                "1e+ ~ ENDS_EARLY ~ 3",
                "1 2 ~ GOES_ON ~ 2",
                "{}} ~ GOES_ON ~ 2",
                "[,1] ~ NO_VALUE ~ 1",
                "[1,] ~ NO_VALUE ~ 3",
                "[1,,2] ~ NO_VALUE ~ 3",
                "] ~ NO_VALUE ~ 0",
                "[+1] ~ NO_VALUE ~ 1",
                "[.5] ~ NO_VALUE ~ 1",
                "{a:1} ~ NO_NAME ~ 1",
                "{\"a\":1,} ~ NO_NAME ~ 7",
                "{1:1} ~ NO_NAME ~ 1",
                "{\"a\",1} ~ NO_COLON ~ 4",
                "{\"a\":1] ~ NO_END_OF_OBJECT ~ 6",
                "{\"a\":1 \"b\":2} ~ NO_END_OF_OBJECT ~ 7",
                "[1} ~ NO_END_OF_LIST ~ 2",
                "[1 2] ~ NO_END_OF_LIST ~ 3",
                "[truer] ~ NO_END_OF_LIST ~ 5",
                "[tRue] ~ STRANGE_WORD ~ 1",
                "[NaN] ~ STRANGE_WORD ~ 1",
                "[01] ~ STRANGE_NUMBER ~ 2",
                "[-01] ~ STRANGE_NUMBER ~ 3",
                "[1.] ~ STRANGE_NUMBER ~ 3",
                "[1.e5] ~ STRANGE_NUMBER ~ 3",
                "[1e] ~ STRANGE_NUMBER ~ 3",
                "[-] ~ STRANGE_NUMBER ~ 2",
                "\"\\x\" ~ STRANGE_ESCAPE ~ 2",
                "\"\\u12g4\" ~ STRANGE_ESCAPE ~ 5",
                "{\"\\ud800\":1} ~ HALF_CHARACTER ~ 1",
                "{\"\\ude00\\ud83d\":1} ~ HALF_CHARACTER ~ 1",
            })
    void what_is_broken_is_refused_in_its_place(String json, JsonFault expected, int offset) {
        MalformedJson fault = fault(over(json));

        assertThat(fault.fault()).isEqualTo(expected);
        assertThat(fault.offset()).isEqualTo(offset);
        assertThat(fault).hasMessage(expected.described());
    }

    /** In every place of the eight bytes that are looked at together, and behind them. */
    @Test
    void no_byte_of_a_string_is_overlooked() throws MalformedJson {
        for (int length = 0; length < 20; length++) {
            for (int place = 0; place <= length; place++) {
                String before = "x".repeat(place);
                String after = "\u007f ".repeat(10).substring(0, length - place);
                for (int control = 0; control < ' '; control++) {
                    MalformedJson fault = fault(over('"' + before + (char) control + after + '"'));
                    assertThat(fault.fault()).isEqualTo(JsonFault.CONTROL_CHARACTER);
                    assertThat(fault.offset()).isEqualTo(1 + place);
                }
                assertThat(fault(over('"' + before + '"' + after + '!')).fault())
                        .isEqualTo(JsonFault.GOES_ON);
                JsonString escaped = at('"' + before + "\\\"" + after + '"').string();
                assertThat(escaped.decoded()).isEqualTo(before + '"' + after);
                assertThat(at('"' + before + "ß" + after + '"').string().decoded())
                        .isEqualTo(before + "ß" + after);
            }
        }
    }

    @Test
    void all_other_characters_of_ascii_are_plain() throws MalformedJson {
        String text = IntStream.range(' ', 0x80)
                .filter(c -> c != '"' && c != '\\')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();

        assertThat(at('"' + text + '"').string().decoded()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u0080", "\u00C3", "\u00C0\u0080", "\u00ED\u00A0\u0080", "\u00F4\u0090\u0080\u0080", "\u00FF"})
    void what_is_not_utf8_is_refused_in_what_is_skipped_too(String bytes) {
        for (String frame : new String[] {"[\"%s\"]", "[\"0123456789%s\"]", "{\"%s\":1}", "[\"%s"}) {
            byte[] json = frame.replace("%s", bytes).getBytes(ISO_8859_1);
            JsonCursor cursor = new JsonCursor(2).over(json, 0, json.length);
            assertThat(fault(cursor).fault()).isEqualTo(JsonFault.NOT_UTF8);
        }
    }

    @Test
    void nothing_beyond_the_end_of_the_part_is_looked_at() throws MalformedJson {
        byte[] json = "[\"漢\"]".getBytes(UTF_8);
        for (int length = 0; length < json.length; length++) {
            int cut = length;
            MalformedJson fault = fault(new JsonCursor(2).over(json, 0, cut));
            assertThat(fault.fault()).isIn(JsonFault.ENDS_EARLY, JsonFault.NOT_UTF8);
        }
        JsonCursor cursor = new JsonCursor(2).over("xx17xx".getBytes(UTF_8), 2, 4);
        cursor.next();
        assertThat(cursor.whole(0)).isEqualTo(17);
        assertThat(cursor.isAtEnd()).isTrue();
    }

    @Test
    void one_level_more_than_allowed_is_too_deep() throws MalformedJson {
        for (int deepest : new int[] {1, 63, 64, 65, 128, 200}) {
            byte[] json = "{\"a\":[".repeat(150).getBytes(UTF_8);
            MalformedJson fault = fault(new JsonCursor(deepest).over(json, 0, json.length));
            assertThat(fault.fault()).isEqualTo(JsonFault.TOO_DEEP);
            assertThat(fault.offset()).isEqualTo(deepest / 2 * 6 + deepest % 2 * 5);
        }
        byte[] deep = ("[{\"a\":".repeat(100) + "1" + "}]".repeat(100)).getBytes(UTF_8);
        read(new JsonCursor(200).over(deep, 0, deep.length));
    }

    @Test
    void long_numbers_and_names_have_an_end() throws MalformedJson {
        read(over("-" + "9".repeat(5_000) + "." + "9".repeat(4_990) + "e-" + "9".repeat(10)));
        assertThat(fault(over("9".repeat(10_001))).fault()).isEqualTo(JsonFault.TOO_LONG);
        read(over("{\"" + "n".repeat(50_000) + "\":1}"));
        assertThat(fault(over("{\"" + "n".repeat(50_001) + "\":1}")).fault()).isEqualTo(JsonFault.TOO_LONG);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "17, 17",
        "-17, -17",
        "123456789012345678, 123456789012345678",
        "1234567890123456789, 99",
        "1.0, 99",
        "1e2, 99",
        "true, 99",
        "'\"7\"', 99",
        "[, 99"
    })
    void whole_numbers_are_told_from_all_else(String json, long expected) throws MalformedJson {
        assertThat(at(json).whole(99)).isEqualTo(expected);
    }

    @Test
    void a_name_is_found_by_what_it_means() throws MalformedJson {
        for (String name : new String[] {"model", "\\u006dodel", "m\\u006F\\u0064\\u0065\\u006c"}) {
            JsonCursor cursor = at("{\"" + name + "\":1}");
            cursor.next();
            assertThat(cursor.string().among(NAMES)).isEqualTo("model");
            assertThat(cursor.string().decoded()).isEqualTo("model");
        }
        for (String name : new String[] {"", "m", "modem", "Model", "model ", "mod\\nel", "modèl", "\\\"n", "漢"}) {
            assertThat(at("\"" + name + "\"").string().among(NAMES)).isEmpty();
        }
    }

    @Test
    void a_table_holds_all_its_names() throws MalformedJson {
        String[] names = IntStream.range(0, 300).mapToObj(i -> "a" + i + "z").toArray(String[]::new);
        NameTable table = NameTable.of(names);
        for (String name : names) {
            assertThat(at('"' + name + '"').string().among(table)).isEqualTo(name);
        }
        assertThat(at("\"a300z\"").string().among(table)).isEmpty();
        for (String odd : new String[] {"", "é", "a\"b", "a\\b", "\n"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> NameTable.of(odd));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "é漢😀",
                "\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff",
                "\"\\/\b\f\n\r\t",
                "\u0000\ud800",
                "\udc00 \ud83d"
            })
    void texts_come_out_as_they_went_in(String text) throws MalformedJson {
        StringBuilder escapes = new StringBuilder();
        for (char c : text.toCharArray()) {
            escapes.append(String.format("\\u%04X", (int) c));
        }
        for (String json : new String[] {JsonOut.quote(text), "\"" + escapes + "\""}) {
            JsonString string = at(json).string();
            StringBuilder appended = new StringBuilder("> ");
            string.appendTo(appended);

            assertThat(string.decoded()).isEqualTo(text);
            assertThat(appended).hasToString("> " + text);
            assertThat(string.length()).isEqualTo(text.length());
            assertThat(string.isEmpty()).isEqualTo(text.isEmpty());
        }
    }

    @Test
    void short_escapes_mean_what_they_stand_for() throws MalformedJson {
        assertThat(at("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"").string().decoded()).isEqualTo("\"\\/\b\f\n\r\t");
    }

    @Test
    void all_characters_are_asked_about_until_one_is_not_of_the_kind() throws MalformedJson {
        assertThat(at("\" \\n\\u00a0\u2003\"").string().allMatch(c -> Character.isSpaceChar(c) || c == '\n'))
                .isTrue();
        assertThat(at("\" 😀\"").string().allMatch(c -> c == ' ')).isFalse();
        assertThat(at("\"\"").string().allMatch(c -> false)).isTrue();
    }

    @Test
    void only_strings_and_names_have_a_text() throws MalformedJson {
        JsonCursor cursor = at("12");
        assertThatIllegalStateException().isThrownBy(cursor::string);
    }

    @Test
    void one_byte_order_mark_is_passed_over() throws MalformedJson {
        assertThat(at("\uFEFF 1").textStart()).isEqualTo(3);
        assertThat(fault(over("\uFEFF\uFEFF1")).fault()).isEqualTo(JsonFault.NO_VALUE);
        assertThat(fault(over(" \uFEFF1")).fault()).isEqualTo(JsonFault.NO_VALUE);
    }

    @Test
    void a_cursor_can_be_used_again_whatever_it_was_used_for() throws MalformedJson {
        JsonCursor cursor = over("[[{\"a\":");
        assertThat(fault(cursor).fault()).isEqualTo(JsonFault.ENDS_EARLY);
        byte[] next = "{\"n\":[1]}".getBytes(UTF_8);
        read(cursor.over(next, 0, next.length));
        assertThat(cursor.isAtEnd()).isTrue();

        cursor.release();
        assertThat(cursor.isAtEnd()).isTrue();
        assertThat(fault(cursor).fault()).isEqualTo(JsonFault.ENDS_EARLY);
    }

    @Test
    void faults_repeat_nothing_of_the_text() {
        for (JsonFault fault : JsonFault.values()) {
            assertThat(new MalformedJson(fault, 7).asBadRequest("The body").getMessage())
                    .isEqualTo("The body is not well-formed JSON: " + fault.described()
                            + " (near byte 7). Send JSON in UTF-8.");
        }
        assertThat(Arrays.stream(JsonFault.values()).map(JsonFault::described)).doesNotHaveDuplicates();
    }
}
