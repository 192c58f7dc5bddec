package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Targets that cannot serve a request are skipped, and the caller is informed of the skip. */
@Timeout(60)
class UnsuitableTargetsTest {
    private static final String IMAGE_BY_URL = "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
            + "\"image_url\":{\"url\":\"https://example.com/cat.png\"}},{\"type\":\"text\",\"text\":\"Who?\"}]}]";
    private static final String TOOLS = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":"
            + "{\"type\":\"object\",\"properties\":{}}}}]";

    private static RawAnswer say(Crossing crossing, String conversation) {
        return crossing.post(ClientDialect.CHAT.path("m", false), ClientDialect.CHAT.bodyOf(conversation, "m", false));
    }

    private static RawAnswer chat(Crossing crossing, String... further) {
        return crossing.ask(ClientDialect.CHAT, "m", false, further);
    }

    private static String trail(RawAnswer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer.header("understudy-trail").orElse("");
    }

    @Test
    void anUntranslatableRequestGoesToTheNextTarget() {
        try (Crossing crossing =
                Crossing.start("models: {m: {targets: [bedrock/m, openai/m]}}").allWell()) {
            RawAnswer answer = say(crossing, IMAGE_BY_URL);

            assertThat(trail(answer)).contains("\"bedrock/m\";outcome=unsupported", "\"openai/m\";outcome=ok");
            assertThat(crossing.at(Vendor.BEDROCK).connectionCount()).isZero();
            assertThat(chat(crossing).header("understudy-target"))
                    .as("a target is no worse for it")
                    .contains("bedrock/m");
        }
    }

    @Test
    void whatNoTargetCanReceiveIsTheCallersError() {
        try (Crossing crossing =
                Crossing.start("models: {m: {targets: [bedrock/m]}}").allWell()) {
            RawAnswer answer = say(crossing, IMAGE_BY_URL);

            assertThat(ErrorShape.of(ClientDialect.CHAT, 400, answer).message()).contains("image");
        }
    }

    @Test
    void toolsThatAVendorRunsItselfGoToThatVendorOnly() {
        try (Crossing crossing = Crossing.start("models: {m: {targets: [gemini/m, openai/m, anthropic/m]}}")
                .allWell()) {
            RawAnswer answer = crossing.ask(
                    ClientDialect.MESSAGES,
                    "m",
                    false,
                    "\"tools\":[{\"type\":\"code_execution_20250825\",\"name\":\"code\"}]");

            assertThat(trail(answer))
                    .contains("\"gemini/m\";outcome=unsupported", "\"openai/m\";outcome=unsupported")
                    .contains("\"anthropic/m\";outcome=ok");
        }
    }

    @Test
    void severalAnswersComeFromATargetThatGivesSeveral() {
        try (Crossing crossing = Crossing.start("models: {m: {targets: [anthropic/m, openai/m]}}")
                .allWell()) {
            RawAnswer answer = chat(crossing, "\"n\":2");

            assertThat(answer.header("understudy-trail").orElse(""))
                    .contains("\"anthropic/m\";outcome=unsupported", "\"openai/m\"");
        }
    }

    @Test
    void warningsNameWhatTheAnsweringTargetDidNotReceive() {
        try (Crossing crossing = Crossing.forgetful("models: {m: {targets: [anthropic/m, openai/m]}}")
                .allWell()) {
            RawAnswer answer = chat(crossing, "\"logit_bias\":{\"1\":5}", "\"temperature\":1.6");
            assertThat(answer.header("understudy-warning").orElse(""))
                    .contains("logit_bias", "temperature: 1.6 became 1");

            crossing.at(Vendor.ANTHROPIC).answerAlways(Vendor.ANTHROPIC.failed(500));
            assertThat(chat(crossing, "\"logit_bias\":{\"1\":5}").header("understudy-warning"))
                    .as("the answering target received everything")
                    .isEmpty();
        }
    }

    @Test
    void aTargetWithoutVisionReceivesNoImages() {
        try (Crossing crossing = Crossing.start(
                        "models: {m: {targets: [{target: anthropic/m, images: false}, openai/m]}}")
                .allWell()) {
            assertThat(trail(chat(crossing))).as("without images it is tried").contains("\"anthropic/m\";outcome=ok");
            assertThat(trail(say(crossing, IMAGE_BY_URL)))
                    .contains("\"anthropic/m\";outcome=passed_over;reason=lacks_images", "\"openai/m\";outcome=ok");
            assertThat(trail(chat(crossing))).as("and without images again").contains("\"anthropic/m\";outcome=ok");
            assertThat(crossing.at(Vendor.ANTHROPIC).requestCount()).isEqualTo(2);
        }
    }

    @Test
    void whoIsKnownToHaveNoToolsIsNotOfferedAny() {
        try (Crossing crossing = Crossing.start("models: {m: {targets: [{target: gemini/m, tools: false}, bedrock/m]}}")
                .allWell()) {
            assertThat(trail(chat(crossing, TOOLS)))
                    .contains("\"gemini/m\";outcome=passed_over;reason=lacks_tools", "\"bedrock/m\";outcome=ok");
        }
    }

    @Test
    void aTargetWhoseWindowIsTooSmallIsSkipped() {
        try (Crossing crossing = Crossing.start(
                        "models: {m: {targets: [{target: openai/m, context-window: 100}, anthropic/m]}}")
                .allWell()) {
            String longPrompt = "\"messages\":[{\"role\":\"user\",\"content\":\"" + "lengthy ".repeat(2_000) + "\"}]";
            assertThat(trail(say(crossing, longPrompt)))
                    .contains(
                            "\"openai/m\";outcome=passed_over;reason=context_too_small", "\"anthropic/m\";outcome=ok");
        }
    }

    @Test
    void ifNoTargetIsSuitableAllAreTried() {
        try (Crossing crossing = Crossing.start("models: {m: {targets: [{target: openai/m, images: false},"
                        + " {target: anthropic/m, images: false}]}}")
                .allWell()) {
            assertThat(trail(say(crossing, IMAGE_BY_URL))).contains("\"openai/m\";outcome=ok");
        }
    }

    @Test
    void aPromptThatWasTooLongGoesOnlyWhereThereIsMoreRoom() {
        try (Crossing crossing = Crossing.start("models: {m: {targets: [{target: openai/m, context-window: 8000},"
                        + " {target: anthropic/m, context-window: 8000}, {target: gemini/m, context-window: 100000}]}}")
                .allWell()) {
            crossing.at(Vendor.OPENAI)
                    .answerAlways(Reply.json(
                            400,
                            "{\"error\":{\"message\":\"maximum context length is 8000 tokens\",\"type\":"
                                    + "\"invalid_request_error\",\"param\":\"messages\",\"code\":"
                                    + "\"context_length_exceeded\"}}"));
            RawAnswer answer = chat(crossing);

            assertThat(trail(answer)).contains("\"openai/m\";outcome=context_length", "\"gemini/m\";outcome=ok");
            assertThat(crossing.at(Vendor.ANTHROPIC).requestCount()).isZero();
        }
    }
}
