package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file that was uploaded to a vendor is known to that vendor alone. */
@Timeout(60)
class UploadedFilesTest {
    private enum Upload {
        CHAT(
                ClientDialect.CHAT,
                Vendor.OPENAI,
                Vendor.ANTHROPIC,
                "{\"model\":\"chain\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":"
                        + "\"file-1\"}}]}]}"),
        MESSAGES(
                ClientDialect.MESSAGES,
                Vendor.ANTHROPIC,
                Vendor.OPENAI,
                "{\"model\":\"chain\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\","
                        + "\"source\":{\"type\":\"file\",\"file_id\":\"file_1\"}}]}]}"),
        GEMINI(
                ClientDialect.GEMINI,
                Vendor.GEMINI,
                Vendor.OPENAI,
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"fileData\":{\"mimeType\":\"application/pdf\",\"fileUri\":"
                        + "\"https://generativelanguage.googleapis.com/v1beta/files/abc\"}}]}]}"),
        CACHED(
                ClientDialect.GEMINI,
                Vendor.GEMINI,
                Vendor.ANTHROPIC,
                "{\"cachedContent\":\"cachedContents/abc\",\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"}]}]}");

        final ClientDialect client;
        final Vendor owner;
        final Vendor other;
        final String body;

        Upload(ClientDialect client, Vendor owner, Vendor other, String body) {
            this.client = client;
            this.owner = owner;
            this.other = other;
            this.body = body;
        }
    }

    private static String model(Vendor... targets) {
        StringBuilder names = new StringBuilder();
        for (Vendor target : targets) {
            names.append(names.isEmpty() ? "" : ", ").append(target.provider()).append("/m");
        }
        return "models: {chain: {targets: [" + names + "]}}";
    }

    @ParameterizedTest
    @EnumSource(Upload.class)
    void otherVendorsAreSkipped(Upload upload) {
        try (Crossing crossing =
                Crossing.forgetful(model(upload.other, upload.owner)).allWell()) {
            RawAnswer answer = crossing.post(upload.client.path("chain", false), upload.body);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.header("understudy-trail").orElse(""))
                    .contains("\"" + upload.other.provider() + "/m\";outcome=passed_over;reason=lacks_stored_input");
            assertThat(crossing.at(upload.other).requestCount()).isZero();

            crossing.at(upload.owner).answerAlways(upload.owner.failed(500));
            RawAnswer failed = crossing.post(upload.client.path("chain", false), upload.body);
            assertThat(failed.status()).isGreaterThanOrEqualTo(500);
            assertThat(crossing.at(upload.other).requestCount()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Upload.class)
    void withoutATargetOfTheVendorThereIsAClearError(Upload upload) {
        try (Crossing crossing = Crossing.forgetful(model(upload.other)).allWell()) {
            // A plan without such a reference is cached first.
            crossing.ask(upload.client, "chain", false);
            int before = crossing.at(upload.other).requestCount();
            RawAnswer answer = crossing.post(upload.client.path("chain", false), upload.body);
            assertThat(ErrorShape.of(upload.client, 400, answer).message())
                    .contains("stored at a provider", upload.other.provider() + "/m lacks_stored_input");
            assertThat(crossing.at(upload.other).requestCount()).isEqualTo(before);
        }
    }
}
