package dev.understudy.protocol.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredFilesTest {
    private static boolean found(String conversation) throws BadRequest {
        byte[] body = ("{\"model\":\"m\",\"messages\":" + conversation + ",\"tools\":[{\"file_id\":{}}]}")
                .getBytes(StandardCharsets.UTF_8);
        return StoredFiles.areIn(Members.scan(body, BodyLimits.ofDefaults()), "messages");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}]}]",
                "[{\"content\":[{\"type\":\"document\",\"source\":{\"type\":\"file\",\"file_id\" : \"file_1\"}}]}]",
                "[{\"content\":[{\"type\":\"tool_result\",\"content\":[{\"type\":\"image\",\"source\":{\"file_id\":\"f\"}}]}]}]",
                "[{\"content\":[{\"type\":\"container_upload\",\"file_id\":\"file_1\"}]}]",
                "[{\"parts\":[{\"fileData\":{\"fileUri\":\"https://generativelanguage.googleapis.com/v1beta/files/abc\"}}]}]",
                "[{\"parts\":[{\"file_data\":{\"file_uri\":\"files/abc\"}}]}]"
            })
    void referencesAreFound(String conversation) throws BadRequest {
        assertThat(found(conversation)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"role\":\"user\",\"content\":\"What is \\\"file_id\\\"?\"}]",
                "[{\"content\":[{\"type\":\"file\",\"file\":{\"file_data\":\"data:\",\"file_id\":null}}]}]",
                "[{\"content\":[{\"type\":\"tool_use\",\"input\":{\"source\":{\"file_id\":\"row-1\"}}}]}]",
                "[{\"parts\":[{\"functionCall\":{\"args\":{\"fileUri\":\"files/abc\"}}}]}]",
                "[{\"parts\":[{\"functionResponse\":{\"response\":{\"fileUri\":\"files/abc\"}}}]}]",
                "[{\"parts\":[{\"fileData\":{\"fileUri\":\"gs://bucket/files/abc\"}}]}]",
                "[{\"parts\":[{\"fileData\":{\"fileUri\":\"https://example.com/files/of/abc.pdf\"}}]}]",
                "[{\"parts\":[{\"fileData\":{\"fileUri\":\"https://www.youtube.com/watch?v=abc\"}}]}]",
                "5"
            })
    void otherContentIsNone(String conversation) throws BadRequest {
        assertThat(found(conversation)).isFalse();
    }
}
