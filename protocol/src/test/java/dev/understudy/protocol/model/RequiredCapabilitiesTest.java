package dev.understudy.protocol.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.RequestFacts;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequiredCapabilitiesTest {
    private static final String TEXT = "The quick brown fox jumps over the lazy dog. ";

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"messages": [{"role": "user", "content": [{"type": "text", "text": "?"},
                  {"image_url": {"url": "https://x/y.png"}, "type": "image_url"}]}]}""", """
                {"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "file", "file_id": "f"}}]}]}""", """
                {"messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content":
                  [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBO"}}]}]}]}""", """
                {"messages": [{"role": "user", "content": [{"type": "document", "source": {"type": "content", "content":
                  [{"type": "image", "source": {"type": "url", "url": "https://x"}}]}}]}]}""", """
                {"contents": [{"parts": [{"text": "?"}, {"inlineData": {"mimeType": "image/png", "data": "iVBO"}}]}]}""", """
                {"contents": {"parts": [{"file_data": {"file_uri": "gs://x", "mime_type": "image/webp"}}]}}""", """
                {"contents": [{"parts": [{"functionResponse": {"name": "f", "response": {},
                  "parts": [{"inlineData": {"mimeType": "image/png", "data": "iVBO"}}]}}]}]}""", """
                {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "https://x"}]}]}""", """
                {"input": [{"type": "function_call_output", "call_id": "c", "output": [{"type": "input_image"}]}]}""", """
                {"input": [{"type": "computer_call_output", "output": {"type": "computer_screenshot"}}]}""", """
                {"messages": [{"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": "iVBO"}}}]}]}""", """
                {"messages": [{"content": [{"toolResult": {"toolUseId": "t", "content":
                  [{"image": {"format": "png", "source": {"bytes": "iVBO"}}}]}}]}]}""", """
                {"m\\u0065ssages": [{"content": [{"type": "im\\u0061ge_url"}]}]}"""})
    void anImageIsFoundInEveryDialect(String body) {
        assertThat(needs(body)).isEqualTo(media(true, false, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"messages": [{"content": [{"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBE"}}]}]}""", """
                {"messages": [{"content": [{"type": "document_url", "document_url": "https://x"}]}]}""", """
                {"messages": [{"content": [{"type": "document",
                  "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBE"}}]}]}""", """
                {"messages": [{"content": [{"type": "document", "source": {"type": "url", "url": "https://x"}}]}]}""", """
                {"contents": [{"parts": [{"inline_data": {"mime_type": "application/pdf", "data": "JVBE"}}]}]}""", """
                {"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "file-1"}]}]}""", """
                {"messages": [{"content": [{"document": {"name": "d", "format": "pdf", "source": {"bytes": "JVBE"}}}]}]}"""})
    void aDocumentIsFoundInEveryDialect(String body) {
        assertThat(needs(body)).isEqualTo(media(false, true, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"messages": [{"content": [{"type": "input_audio", "input_audio": {"data": "UklG", "format": "wav"}}]}]}""", """
                {"contents": [{"parts": [{"fileData": {"fileUri": "gs://x", "mimeType": "audio/mp3"}}]}]}"""})
    void audioIsFound(String body) {
        assertThat(needs(body)).isEqualTo(media(false, false, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Text in a message.
                """
                {"messages": [{"content": "{\\"type\\": \\"image_url\\"}"}]}""",
                """
                {"messages": [{"content": [{"type": "text", "text": "{\\"type\\": \\"image_url\\"}"}]}]}""",
                // Schemas of tools and answers.
                """
                {"messages": [], "tools": [{"type": "image"}, {"input_schema": {"properties": {"image": {"type": "image"}}}}]}""",
                """
                {"contents": [], "tools": [{"functionDeclarations": [{"parameters": {"properties": {"inlineData": {}}}}]}]}""",
                """
                {"input": [{"type": "mcp_list_tools", "tools": [{"type": "image", "content": [{"type": "image"}]}]}]}""",
                """
                {"messages": [], "response_format": {"type": "image_url"}}""",
                // What tools were called with, and what they gave back.
                """
                {"messages": [{"content": [{"type": "tool_use", "input": {"content": [{"type": "image"}]}}]}]}""",
                """
                {"messages": [{"tool_calls": [{"type": "function", "function": {"arguments": "[{\\"type\\":\\"image\\"}]"}}]}]}""",
                """
                {"contents": [{"parts": [{"functionCall": {"args": {"parts": [{"inlineData": {"mimeType": "image/png"}}]}}}]}]}""",
                """
                {"contents": [{"parts": [{"functionResponse": {"response": {"parts": [{"type": "image"}]}}}]}]}""",
                """
                {"messages": [{"content": [{"toolUse": {"input": {"content": [{"image": {}}]}}}]}]}""",
                """
                {"messages": [{"content": [{"toolResult": {"content": [{"json": {"content": [{"image": {}}]}}]}}]}]}""",
                // Texts in files.
                """
                {"messages": [{"content": [{"type": "document", "source": {"type": "text", "data": "a"}}]}]}""",
                """
                {"messages": [{"content": [{"document": {"name": "d", "format": "md", "source": {"bytes": "YQ=="}}}]}]}""",
                """
                {"contents": [{"parts": [{"inlineData": {"mimeType": "text/plain", "data": "YQ=="}}]}]}""",
                """
                {"messages": [{"content": [{"type": "document", "document": {"data": "a"}}]}]}""",
                // Not where parts are, or of the wrong kind.
                """
                {"type": "image_url", "image": {}, "metadata": [{"type": "image"}]}""",
                """
                {"messages": {"type": "image_url"}}""",
                """
                {"messages": [{"type": 1, "image": "x", "document": "y", "inlineData": 2, "source": "z"}]}""",
                "[]",
                "\"messages\"",
                ""
            })
    void nothingElseIsTakenForMedia(String body) {
        RequiredCapabilities needs = needs(body);

        assertThat(needs.images()).as("images").isFalse();
        assertThat(needs.documents()).as("documents").isFalse();
        assertThat(needs.audio()).as("audio").isFalse();
    }

    @Test
    void toolsAndSchemaAreTakenFromTheFacts() {
        RequiredCapabilities needs = RequiredCapabilities.of("{}".getBytes(UTF_8), facts(true, true));

        assertThat(needs.tools()).isTrue();
        assertThat(needs.schema()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}",
                "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"%s\"}]}]}",
                "{\"messages\": [{\"role\": \"assistant\", \"tool_calls\": [{\"function\": {\"arguments\": \"%s\"}}]}]}",
                "{\"system\": \"%s\", \"messages\": []}",
                "{\"system\": [{\"text\": \"%s\"}], \"messages\": []}",
                "{\"contents\": [{\"parts\": [{\"text\": \"%s\"}]}]}",
                "{\"systemInstruction\": {\"parts\": [{\"text\": \"%s\"}]}, \"contents\": []}",
                "{\"input\": \"%s\"}",
                "{\"instructions\": \"%s\", \"input\": \"\"}",
                "{\"input\": [{\"type\": \"function_call_output\", \"output\": \"%s\"}]}"
            })
    void textIsMeasuredWhereverItStands(String body) {
        // 45 characters each, none of which is like the one before.
        assertThat(needs(body.formatted(TEXT.repeat(80))).promptTokensAtLeast()).isEqualTo(450);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\": [{\"content\": [{\"type\": \"image_url\", \"image_url\": {\"url\": \"%s\"}}]}]}",
                "{\"messages\": [{\"content\": [{\"type\": \"image\", \"source\": {\"data\": \"%s\"}}]}]}",
                "{\"contents\": [{\"parts\": [{\"inlineData\": {\"data\": \"%s\"}}]}]}",
                "{\"messages\": [{\"content\": [{\"image\": {\"source\": {\"bytes\": \"%s\"}}}]}]}",
                "{\"messages\": [{\"content\": [{\"type\": \"thinking\", \"thinking\": \"\", \"signature\": \"%s\"}]}]}",
                "{\"input\": [{\"type\": \"image_generation_call\", \"result\": \"%s\"}]}",
                "{\"input\": [{\"type\": \"reasoning\", \"encrypted_content\": \"%s\"}]}",
                "{\"messages\": [], \"tools\": [{\"description\": \"%s\"}]}"
            })
    void dataIsNoText(String body) {
        assertThat(needs(body.formatted("iVBORw0K".repeat(100))).promptTokensAtLeast())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'\"truncation\": \"auto\"', 0",
        "'\"truncation\": \"disabled\"', 450",
        "'\"truncation\": null', 450",
        "'\"transforms\": [\"middle-out\"]', 0",
        "'\"context_management\": {\"edits\": []}', 0"
    })
    void whatTheVendorMayShortenHasNoLeastSize(String member, long tokens) {
        String body = "{\"input\": \"" + TEXT.repeat(80) + "\", " + member + "}";

        assertThat(needs(body).promptTokensAtLeast()).isEqualTo(tokens);
    }

    @Test
    void runsThatATokenizerPutsIntoOneTokenCountOnce() {
        String body = "{\"input\": \"" + " ".repeat(10_000) + "\\n".repeat(10_000) + "─".repeat(10_000)
                + "\\u2500".repeat(10_000) + "\"}";

        assertThat(needs(body).promptTokensAtLeast()).isZero();
    }

    @Test
    void lettersOfSeveralBytesAreOneCharacter() {
        assertThat(needs("{\"input\": \"" + "日本".repeat(400) + "\"}").promptTokensAtLeast())
                .isEqualTo(100);
    }

    @Test
    void brokenBodiesAreNoTrouble() {
        byte[] whole = """
                {"messages": [{"content": [{"type": "document", "source": {"type": "content", "content": ["\\u2500"]}},
                  {"document": {"format": "pdf"}}, {"inlineData": {"mimeType": "image/png"}}]}], "truncation": "auto"}""".getBytes(UTF_8);
        Random random = new Random(7);
        for (int length = 0; length < whole.length; length++) {
            byte[] damaged = Arrays.copyOf(whole, length + 1);
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            assertThat(RequiredCapabilities.of(damaged, facts(false, false)).audio())
                    .isFalse();
        }
        assertThat(needs("{\"messages\":" + "[{\"content\":".repeat(100_000)).images())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, false, false, lacks_images",
        "false, true, false, false, lacks_documents",
        "false, false, true, false, lacks_audio",
        "false, false, false, true, lacks_tools",
        "true, true, true, true, lacks_images"
    })
    void whatAModelCertainlyLacksIsNamed(boolean images, boolean documents, boolean audio, boolean tools, String word) {
        RequiredCapabilities needs = new RequiredCapabilities(images, documents, audio, tools, false, 0);

        assertThat(needs.lackedBy(capabilities(Can.NO))).hasValue(word);
        assertThat(needs.lackedBy(capabilities(Can.YES))).isEmpty();
        assertThat(needs.lackedBy(ModelCapabilities.UNKNOWN)).isEmpty();
    }

    @Test
    void aSchemaIsNeverLacked() {
        assertThat(new RequiredCapabilities(false, false, false, false, true, 0).lackedBy(capabilities(Can.NO)))
                .isEmpty();
    }

    @Test
    void aPromptThatCannotFitIsNamed() {
        assertThat(needsTokens(1000).lackedBy(capabilities(Can.YES))).isEmpty();
        assertThat(needsTokens(1001).lackedBy(capabilities(Can.YES))).hasValue("context_too_small");
        assertThat(needsTokens(Long.MAX_VALUE).lackedBy(ModelCapabilities.UNKNOWN))
                .isEmpty();
    }

    private static RequiredCapabilities needsTokens(long tokens) {
        return new RequiredCapabilities(false, false, false, false, false, tokens);
    }

    private static ModelCapabilities capabilities(Can each) {
        return ModelCapabilities.builder()
                .contextWindow(OptionalInt.of(1000))
                .images(each)
                .documents(each)
                .audio(each)
                .tools(each)
                .schema(each)
                .prefill(each)
                .build();
    }

    private static RequiredCapabilities media(boolean images, boolean documents, boolean audio) {
        return new RequiredCapabilities(images, documents, audio, false, false, 0);
    }

    private static RequiredCapabilities needs(String body) {
        return RequiredCapabilities.of(body.getBytes(UTF_8), facts(false, false));
    }

    private static RequestFacts facts(boolean tools, boolean json) {
        return RequestFacts.builder().tools(tools).jsonOutput(json).build();
    }
}
