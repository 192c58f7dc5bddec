package dev.understudy.protocol.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedBodyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "null",
                "[]",
                "\"text\"",
                "12",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{\"a\":[1,2}",
                "{\"a\":\"unterminated",
                "{\"a\":\"backslash at the end\\",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":+1}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":tru}",
                "{\"a\":sk-secret}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":1 // comment\n}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"control \u0001\"}",
                "{\"a\":[\"line\nbreak\"]}",
                "{\"a\":1} {\"b\":2}",
                "{\"a\":1}]",
                "{\"a\":1}x",
                "{\"a\":1}\u0000",
                "\u0000{\"a\":1}",
                "{}\uFEFF"
            })
    void isRefusedWithAReason(String body) {
        BadRequest refusal = refusal(body.getBytes(UTF_8));
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.details().code()).isEqualTo("invalid_json");
        assertThat(refusal.details().type()).isEqualTo("invalid_request_error");
        assertThat(refusal.getMessage()).contains("Send ").doesNotContain("sk-secret");
    }

    @Test
    void everyCutOfABodyIsRefused() throws BadRequest {
        byte[] body =
                "{\"model\":\"a\\\"é\",\"n\":1.5e3,\"messages\":[{\"role\":\"user\",\"content\":\"漢😀\"}],\"x\":null}"
                        .getBytes(UTF_8);
        Members.scan(body, BodyLimits.ofDefaults());
        for (int length = 0; length < body.length; length++) {
            assertThat(refusal(Arrays.copyOf(body, length)).status())
                    .as("%d bytes", length)
                    .isEqualTo(400);
        }
    }

    @Test
    void namesTheDepthThatIsTooDeep() throws BadRequest {
        Members.scan(nested(255), BodyLimits.ofDefaults());
        assertThat(refusal(nested(256)).getMessage()).contains("more than 256 levels");
        assertThat(refusal(nested(1_000_000)).getMessage()).contains("more than 256 levels");
        Members.scan(nested(1_000), new BodyLimits(1 << 20, 2_000));
    }

    @Test
    void bodiesThatAreTooLongAreA413() {
        byte[] body = "{\"a\":\"0123456789\"}".getBytes(UTF_8);
        BadRequest refusal = catchThrowableOfType(BadRequest.class, () -> Members.scan(body, new BodyLimits(10, 10)));
        assertThat(refusal.status()).isEqualTo(413);
        assertThat(refusal.getMessage()).contains("18 bytes").contains("10");
    }

    /** Strings that are skipped are not looked at closely by the parser; what is not UTF-8 must not get past us. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0080", // a lone continuation byte
                "\u00C3", // a character cut short
                "\u00C0\u0080", // overlong NUL
                "\u00C1\u00BF", // overlong ASCII
                "\u00E0\u0080\u0080", // overlong
                "\u00E0\u009F\u00BF", // overlong
                "\u00ED\u00A0\u0080", // a surrogate
                "\u00F0\u0080\u0080\u0080", // overlong
                "\u00F4\u0090\u0080\u0080", // above U+10FFFF
                "\u00F5\u0080\u0080\u0080",
                "\u00FE",
                "\u00FF"
            })
    void bytesThatAreNotUtf8AreRefusedWhereverTheyStand(String bytes) {
        for (String frame : new String[] {
            "{\"a\":\"%s\"}", "{\"a\":[{\"b\":\"%s\"}]}", "{\"%s\":1}", "{\"a\":{\"%s\":1}}", "{\"a\":\"01234567%s89\"}"
        }) {
            byte[] body = frame.replace("%s", bytes).getBytes(ISO_8859_1);
            assertThat(refusal(body).getMessage()).contains("not UTF-8");
        }
    }

    @Test
    void charactersOfEveryLengthArePassed() throws BadRequest {
        String body = "{\"a\":\"\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff\"}";
        assertThat(Members.scan(body.getBytes(UTF_8), BodyLimits.ofDefaults()).size())
                .isEqualTo(1);
    }

    @Test
    void otherEncodingsAreNotGuessed() {
        assertThat(refusal("{\"a\":1}".getBytes(UTF_16LE)).status()).isEqualTo(400);
        assertThat(refusal("{\"a\":1}".getBytes(UTF_16BE)).status()).isEqualTo(400);
        assertThat(refusal("\uFEFF{\"a\":1}".getBytes(UTF_16BE)).status()).isEqualTo(400);
    }

    @Test
    void aByteOrderMarkIsSkipped() throws BadRequest {
        Members members = Members.scan("\uFEFF {\"é\" : 1.10 }".getBytes(UTF_8), BodyLimits.ofDefaults());
        assertThat(members.name(0)).isEqualTo("é");
        assertThat(members.json(0)).isEqualTo("1.10");
    }

    @Test
    void numbersOfAnyFormPass() throws BadRequest {
        String number = "9".repeat(5_000);
        Members members = Members.scan(("{\"n\":" + number + "}").getBytes(UTF_8), BodyLimits.ofDefaults());
        assertThat(members.json(0)).isEqualTo(number);
        assertThat(refusal(("{\"n\":" + "9".repeat(20_000) + "}").getBytes(UTF_8))
                        .getMessage())
                .contains("too long");
    }

    @Test
    void anEscapedNameIsTheNameThatItStandsFor() throws BadRequest {
        Members members = Members.scan("{\"mod\\u0065l\":\"x\\u0041\"}".getBytes(UTF_8), BodyLimits.ofDefaults());
        assertThat(members.indexOf("model")).isZero();
        assertThat(members.string(0)).isEqualTo("xA");
    }

    /** Whatever the bytes are, the answer is a list of members or a refusal, and never another failure. */
    @Test
    void brokenBytesEndInARefusalOrInMembers() {
        for (int seed = 0; seed < 30_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] body = new RandomObject(random).write().getBytes(UTF_8);
            for (int i = random.nextInt(3); i >= 0 && body.length > 0; i--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            try {
                Members members = Members.scan(body, BodyLimits.ofDefaults());
                for (int i = 0; i < members.size(); i++) {
                    members.value(i);
                }
            } catch (BadRequest refusal) {
                assertThat(refusal.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
    }

    @Test
    void manyMembersAreNotSlow() throws BadRequest {
        StringBuilder body = new StringBuilder("{\"m\":0");
        for (int i = 0; i < 100_000; i++) {
            body.append(",\"m").append(i).append("\":1");
        }
        Members members = Members.scan(body.append('}').toString().getBytes(UTF_8), BodyLimits.ofDefaults());
        assertThat(members.size()).isEqualTo(100_001);
    }

    private static byte[] nested(int depth) {
        return ("{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}").getBytes(UTF_8);
    }

    private static BadRequest refusal(byte[] body) {
        BadRequest refusal = catchThrowableOfType(BadRequest.class, () -> Members.scan(body, BodyLimits.ofDefaults()));
        assertThat(refusal).as(new String(body, ISO_8859_1)).isNotNull();
        return refusal;
    }
}
