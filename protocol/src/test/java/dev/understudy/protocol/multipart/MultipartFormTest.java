package dev.understudy.protocol.multipart;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.json.BadRequest;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFormTest {
    private static final String TYPE = "multipart/form-data; boundary=B";

    private static final String FORM = """
            --B
            Content-Disposition: form-data; name="model"

            one/a
            --B
            Content-Disposition: form-data; name="file"; filename="model"
            Content-Type: audio/wav

            --Bytes
            that are no end --B
            --B
            Content-Disposition: form-data; name=fallbacks

            two/b
            --B
            content-disposition: form-data;name="language"

            de
            --B--
            """.replace("\n", "\r\n");

    private static MultipartForm read(String form) throws BadRequest {
        return MultipartForm.read(TYPE, form.getBytes(ISO_8859_1));
    }

    private static String with(String form, Map<String, String> replaced, List<String> without) throws BadRequest {
        return new String(read(form).with(replaced, without), ISO_8859_1);
    }

    @Test
    void fieldsAreRead() throws BadRequest {
        MultipartForm form = read(FORM.replace("--Bytes", "Bytes"));
        assertThat(form.names()).containsExactly("model", "fallbacks", "language");
        assertThat(form.text("model")).contains("one/a");
        assertThat(form.text("fallbacks")).contains("two/b");
        assertThat(form.text("language")).contains("de");
        assertThat(form.text("file")).as("a file is no text").isEmpty();
        assertThat(form.text("nothing")).isEmpty();
    }

    @Test
    void onlyWhatIsReplacedChanges() throws BadRequest {
        String form = FORM.replace("--Bytes", "Bytes");
        assertThat(with(form, Map.of("model", "a-much-longer-name", "absent", "x"), List.of("fallbacks", "file")))
                .isEqualTo(form.replace("one/a", "a-much-longer-name")
                        .replace("--B\r\nContent-Disposition: form-data; name=fallbacks\r\n\r\ntwo/b\r\n", ""));
        assertThat(with(form, Map.of(), List.of())).isEqualTo(form);
    }

    /** RFC 2046: a boundary is one only at the beginning of a line. */
    @Test
    void aBoundaryInsideALineIsContent() throws BadRequest {
        String form = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx--B y\r\n--B--";
        assertThat(read(form).text("a")).contains("x--B y");
    }

    @Test
    void anEmptyFieldIsEmpty() throws BadRequest {
        String form = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--B--\r\n";
        assertThat(read(form).text("a")).contains("");
        assertThat(with(form, Map.of("a", "x"), List.of()))
                .isEqualTo("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--B--\r\n");
        assertThat(with(form, Map.of(), List.of("a"))).isEqualTo("--B--\r\n");
    }

    /** RFC 2046: the line break after the headers may be the delimiter's own. */
    @Test
    void aPartWithoutContentMayEndWithItsHead() throws BadRequest {
        String form = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n--B--\r\n";
        assertThat(read(form).text("a")).contains("");
        assertThat(with(form, Map.of("a", "x"), List.of()))
                .isEqualTo("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--B--\r\n");
        assertThat(with(form, Map.of(), List.of("a"))).isEqualTo("--B--\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data; boundary=B",
                "Multipart/Form-Data;boundary=\"B\"",
                "multipart/form-data; charset=utf-8; BOUNDARY=B; x=y"
            })
    void boundariesAreFoundHoweverTheyAreWritten(String type) throws BadRequest {
        assertThat(MultipartForm.is(type)).isTrue();
        byte[] form = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B--".getBytes(ISO_8859_1);
        assertThat(MultipartForm.read(type, form).text("a")).contains("1");
    }

    @Test
    void otherTypesAreNoForms() {
        assertThat(MultipartForm.is("application/json")).isFalse();
        assertThat(MultipartForm.is("")).isFalse();
        assertThat(MultipartForm.is("multipart/mixed; boundary=B")).isFalse();
    }

    @Test
    void everyFormThatIsCutIsRefused() {
        for (int length = 0; length < FORM.length() - 4; length++) {
            String cut = FORM.substring(0, length);
            assertThatThrownBy(() -> read(cut)).as("%s", cut).isInstanceOf(BadRequest.class);
        }
    }

    @Test
    void aTypeWithoutABoundaryIsRefused() {
        assertThatThrownBy(() -> MultipartForm.read("multipart/form-data", FORM.getBytes(ISO_8859_1)))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("boundary");
    }

    @Test
    void moreThanAThousandPartsAreRefused() {
        String part = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
        assertThatThrownBy(() -> read(part.repeat(1_001) + "--B--")).hasMessageContaining("1000");
    }

    @Test
    void nothingButBadRequestsComesOfAnyBytes() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = FORM.getBytes(ISO_8859_1);
            for (int change = 0; change < 4; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) "\r\n-B;=\"a".charAt(random.nextInt(8));
            }
            try {
                MultipartForm form = MultipartForm.read(TYPE, bytes);
                assertThat(form.with(Map.of(), List.of())).isEqualTo(bytes);
                form.with(Map.of("model", "x"), List.of("fallbacks", "language", ""));
                form.names().forEach(form::text);
            } catch (BadRequest refused) {
                assertThat(refused.status()).isEqualTo(400);
            }
        }
    }
}
