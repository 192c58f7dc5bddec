package dev.understudy.calls.credentials.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Amazon's published test suite ({@code aws-sig-v4-test-suite}), as far as it applies. */
class SigV4Test {
    private static final AwsCredentials KEY =
            AwsCredentials.lasting("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "");
    private static final Instant NOW = Instant.parse("2015-08-30T12:36:00Z");

    private static String signature(String method, String path, String query, Map<String, String> more, String body) {
        Map<String, String> headers = new LinkedHashMap<>(more);
        headers.put("Host", "example.amazonaws.com");
        headers.put("X-Amz-Date", SigV4.time(NOW));
        String said = new SigV4("us-east-1", "service")
                .authorization(
                        method, path, query, headers, SigV4.hash(body.getBytes(StandardCharsets.UTF_8)), KEY, NOW);
        return said.substring(said.indexOf("Signature=") + 10);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "get-vanilla, GET, /, '', 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "get-vanilla-query-order-key-case, GET, /, Param2=value2&Param1=value1,"
                + " b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        "get-utf8, GET, /ሴ, '', 8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
        "post-vanilla, POST, /, '', 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    })
    void publishedSignatureIsMade(String name, String method, String path, String query, String signature) {
        assertThat(signature(method, path, query, Map.of(), "")).isEqualTo(signature);
    }

    @Test
    void headersAndBodyAreSigned() {
        assertThat(signature(
                        "POST", "/", "", Map.of("Content-Type", "application/x-www-form-urlencoded"), "Param1=value1"))
                .isEqualTo("ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
        assertThat(signature("GET", "/", "", Map.of("My-Header1", " value1", "My-Header2", " \"a   b   c\""), ""))
                .isEqualTo("acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
    }

    @Test
    void noPathIsTheRoot() {
        assertThat(signature("GET", "", "", Map.of(), "")).isEqualTo(signature("GET", "/", "", Map.of(), ""));
    }

    @Test
    void requestToBedrockIsSignedWithAllItNeeds() {
        URI uri = URI.create("https://bedrock-runtime.us-east-1.amazonaws.com/model/"
                + AwsSigner.modelId("anthropic.claude-v2:1") + "/converse");
        assertThat(uri.getRawPath()).isEqualTo("/model/anthropic.claude-v2%3A1/converse");
        Map<String, String> added = AwsSigner.sign(
                "POST",
                uri,
                Map.of("content-type", "application/json"),
                new byte[] {'{', '}'},
                AwsCredentials.lasting("AK", "secret", "lent"),
                "us-east-1",
                NOW);
        assertThat(added).containsOnlyKeys("X-Amz-Date", "X-Amz-Security-Token", "Authorization");
        assertThat(added).containsEntry("X-Amz-Date", "20150830T123600Z");
        String expected = new SigV4("us-east-1", "bedrock")
                .authorization(
                        "POST",
                        "/model/anthropic.claude-v2%3A1/converse",
                        "",
                        Map.of(
                                "content-type", "application/json",
                                "host", "bedrock-runtime.us-east-1.amazonaws.com",
                                "x-amz-date", "20150830T123600Z",
                                "x-amz-security-token", "lent"),
                        SigV4.hash(new byte[] {'{', '}'}),
                        AwsCredentials.lasting("AK", "secret", "lent"),
                        NOW);
        assertThat(added).containsEntry("Authorization", expected);
        assertThat(expected)
                .startsWith("AWS4-HMAC-SHA256 Credential=AK/20150830/us-east-1/bedrock/aws4_request,"
                        + " SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=");
    }

    @Test
    void secretsAreNotShown() {
        assertThat(AwsCredentials.lasting("AK", "hush", "lent").toString())
                .contains("AK")
                .doesNotContain("hush")
                .doesNotContain("lent");
    }
}
