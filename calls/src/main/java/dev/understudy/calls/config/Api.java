package dev.understudy.calls.config;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.completions.CompletionsDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect.StreamForm;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.passthrough.PassThroughDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An API that callers use and providers offer: a path and its dialect. */
public enum Api {
    CHAT("chat/completions", new OpenAiDialect(), true),
    COMPLETIONS("completions", new CompletionsDialect(), true),
    RESPONSES("responses", new ResponsesDialect(), true),
    MESSAGES("messages", new AnthropicDialect(), true),
    /** {@code models/MODEL:generateContent}. */
    GEMINI("", new GeminiDialect(), true),
    /** The same, streamed as one JSON array to callers that do not request server-sent events. */
    GEMINI_ARRAY("", new GeminiDialect(StreamForm.ARRAY), true),
    /** {@code model/MODEL/converse}. */
    CONVERSE("", new BedrockDialect(), true),
    /** {@code models/MODEL:embedContent}. */
    GEMINI_EMBEDDING("", new PassThroughDialect("embeddings", new GeminiDialect()), false),
    /** {@code models/MODEL:batchEmbedContents}. */
    GEMINI_EMBEDDINGS("", new PassThroughDialect("embeddings", new GeminiDialect()), false),
    EMBEDDINGS("embeddings", new PassThroughDialect("embeddings"), false),
    IMAGE_GENERATIONS("images/generations", new PassThroughDialect("images"), false),
    IMAGE_EDITS("images/edits", new PassThroughDialect("images"), false),
    IMAGE_VARIATIONS("images/variations", new PassThroughDialect("images"), false),
    SPEECH("audio/speech", new PassThroughDialect("audio"), false),
    TRANSCRIPTIONS("audio/transcriptions", new PassThroughDialect("audio"), false),
    TRANSLATIONS("audio/translations", new PassThroughDialect("audio"), false),
    MODERATIONS("moderations", new PassThroughDialect("moderations"), false),
    RERANK("rerank", new PassThroughDialect("rerank"), false);

    private static final List<String> ANTHROPIC_HEADERS = List.of("anthropic-version", "anthropic-beta");
    private static final List<String> OPENAI_HEADERS = List.of("openai-beta", "openai-organization", "openai-project");

    private final String path;
    private final Dialect dialect;
    private final boolean conversation;

    Api(String path, Dialect dialect, boolean conversation) {
        this.path = path;
        this.dialect = dialect;
        this.conversation = conversation;
    }

    /** The content type of its streams. */
    public String streamType() {
        return switch (this) {
            case CONVERSE -> "application/vnd.amazon.eventstream";
            case GEMINI_ARRAY -> "application/json";
            default -> "text/event-stream; charset=utf-8";
        };
    }

    /** Headers that go with an error. */
    public Map<String, String> errorHeaders(ErrorResponse error) {
        return this == CONVERSE ? Map.of("x-amzn-errortype", BedrockDialect.errorType(error)) : Map.of();
    }

    /**
     * The caller's headers that are forwarded to a target of the same API: its version and its beta features.
     */
    public List<String> forwardedHeaders() {
        return switch (this) {
            case MESSAGES -> ANTHROPIC_HEADERS;
            case GEMINI, GEMINI_ARRAY, GEMINI_EMBEDDING, GEMINI_EMBEDDINGS, CONVERSE, RERANK -> List.of();
            default -> OPENAI_HEADERS;
        };
    }

    /** The model that the API takes if a request names none; empty if it requires a name. */
    public Optional<String> usualModel() {
        return switch (this) {
            case MODERATIONS -> Optional.of("omni-moderation-latest");
            case IMAGE_GENERATIONS, IMAGE_EDITS, IMAGE_VARIATIONS -> Optional.of("dall-e-2");
            default -> Optional.empty();
        };
    }

    /** The caller's parameters that are forwarded to a target of the same API. */
    public List<String> forwardedParameters() {
        return this == MESSAGES || this == RESPONSES ? List.of("beta") : List.of();
    }

    /** Whether it returns vectors, which are not comparable with those of another model. */
    public boolean returnsVectors() {
        return this == EMBEDDINGS || this == GEMINI_EMBEDDING || this == GEMINI_EMBEDDINGS;
    }

    /** The path below the base URL of a provider that has it; empty if the path names the model. */
    public String path() {
        return path;
    }

    /** The wire format of its requests and answers. */
    public Dialect dialect() {
        return dialect;
    }

    /** Whether its requests can be translated to other dialects: they request text. */
    public boolean isConversation() {
        return conversation;
    }
}
