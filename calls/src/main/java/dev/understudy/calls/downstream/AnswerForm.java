package dev.understudy.calls.downstream;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.ollama.OllamaAnswer;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The form in which the caller's path has the answers of its API. */
public final class AnswerForm {
    private final InboundRequest.Form form;
    private final Api api;

    public AnswerForm(InboundRequest inbound) {
        this.form = inbound.form();
        this.api = inbound.api();
    }

    /** Into what the events of a stream are put; empty if they are sent as they are. */
    public Optional<StreamEnvelope> stream() {
        return switch (form) {
            case USUAL, DEPLOYMENT, RAW_PREDICT, OLLAMA_EMBED -> Optional.empty();
            case INVOKE -> Optional.of(new AmazonChunks());
            case OLLAMA_CHAT -> Optional.of(new OllamaLines(new OllamaAnswer(false)));
            case OLLAMA_GENERATE -> Optional.of(new OllamaLines(new OllamaAnswer(true)));
        };
    }

    /** A whole answer. */
    public Bytes whole(Bytes answer) {
        return switch (form) {
            case USUAL, DEPLOYMENT, RAW_PREDICT, INVOKE -> answer;
            case OLLAMA_CHAT -> Bytes.of(new OllamaAnswer(false).whole(answer.toArray()));
            case OLLAMA_GENERATE -> Bytes.of(new OllamaAnswer(true).whole(answer.toArray()));
            case OLLAMA_EMBED -> Bytes.of(OllamaAnswer.embeddings(answer.toArray()));
        };
    }

    /** The API in whose dialect an error is written. Amazon's clients read its own errors, whichever model they call. */
    public Api errorApi() {
        return form == InboundRequest.Form.INVOKE ? Api.CONVERSE : api;
    }

    /**
     * An error as the body of a response.
     *
     * @param completed adds what the provider's own error has, if the API's dialect is also the provider's
     */
    public byte[] error(ErrorResponse error, UnaryOperator<byte[]> completed) {
        byte[] written = errorApi().dialect().writeError(error);
        return switch (form) {
            case USUAL, DEPLOYMENT, RAW_PREDICT -> completed.apply(written);
            case INVOKE -> written;
            case OLLAMA_CHAT, OLLAMA_GENERATE, OLLAMA_EMBED -> OllamaAnswer.error(written);
        };
    }
}
