package dev.understudy.calls.config;

import java.util.EnumSet;
import java.util.Set;

/** The wire format of a provider: the APIs that it has, the first of which is used when a request has to be translated. */
public enum ProviderDialect implements WireNamed {
    /** OpenAI's APIs except Responses, which most compatible providers do not have. */
    OPENAI(
            "openai",
            EnumSet.of(
                    Api.CHAT,
                    Api.COMPLETIONS,
                    Api.EMBEDDINGS,
                    Api.IMAGE_GENERATIONS,
                    Api.IMAGE_EDITS,
                    Api.IMAGE_VARIATIONS,
                    Api.SPEECH,
                    Api.TRANSCRIPTIONS,
                    Api.TRANSLATIONS,
                    Api.MODERATIONS,
                    Api.RERANK)),
    /** OpenAI Responses. */
    OPENAI_RESPONSES("openai-responses", EnumSet.of(Api.RESPONSES)),
    /** The same bodies as OpenAI's at Azure's addresses, which name the deployment and the API's version. */
    AZURE(
            "azure",
            EnumSet.of(
                    Api.CHAT,
                    Api.COMPLETIONS,
                    Api.EMBEDDINGS,
                    Api.IMAGE_GENERATIONS,
                    Api.IMAGE_EDITS,
                    Api.SPEECH,
                    Api.TRANSCRIPTIONS,
                    Api.TRANSLATIONS)),
    /** Anthropic Messages. */
    ANTHROPIC("anthropic", EnumSet.of(Api.MESSAGES)),
    /** Google Gemini. */
    GEMINI("gemini", EnumSet.of(Api.GEMINI, Api.GEMINI_EMBEDDING, Api.GEMINI_EMBEDDINGS)),
    /** Amazon Bedrock Converse. */
    BEDROCK("bedrock", EnumSet.of(Api.CONVERSE));

    private final String wireName;
    private final Set<Api> apis;

    ProviderDialect(String wireName, Set<Api> apis) {
        this.wireName = wireName;
        this.apis = apis;
    }

    @Override
    public String wireName() {
        return wireName;
    }

    /** The APIs of a provider of this dialect. */
    Set<Api> apis() {
        return apis;
    }

    /** The API to which requests of other dialects are translated. */
    Api usualApi() {
        return switch (this) {
            case OPENAI, AZURE -> Api.CHAT;
            case OPENAI_RESPONSES -> Api.RESPONSES;
            case ANTHROPIC -> Api.MESSAGES;
            case GEMINI -> Api.GEMINI;
            case BEDROCK -> Api.CONVERSE;
        };
    }

    /** How requests are authenticated if nothing else is configured. */
    AuthStyle usualAuth() {
        return switch (this) {
            case OPENAI, OPENAI_RESPONSES, BEDROCK -> AuthStyle.BEARER;
            case AZURE -> AuthStyle.HEADER;
            case ANTHROPIC -> AuthStyle.X_API_KEY;
            case GEMINI -> AuthStyle.GOOGLE;
        };
    }
}
