package dev.understudy.protocol.model;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.RequestFacts;
import java.util.Optional;

/**
 * What a request needs of the model that answers it.
 *
 * @param images whether it contains images
 * @param documents whether it contains files that the model has to read, such as PDFs
 * @param audio whether it contains audio
 * @param tools whether it offers tools
 * @param schema whether the answer is to be JSON
 * @param promptTokensAtLeast tokens of its conversation, a lower bound for every tokenizer
 */
public record RequiredCapabilities(
        boolean images, boolean documents, boolean audio, boolean tools, boolean schema, long promptTokensAtLeast) {

    /**
     * Reads a request in any dialect, from its first byte to its last: meant for chains in which some target is known to lack
     * something.
     *
     * @param body one whose form was checked; of a broken one, only the part before the fault counts
     */
    public static RequiredCapabilities of(byte[] body, RequestFacts facts) {
        return new RequiredCapabilitiesScan(body).needs(facts);
    }

    /**
     * The first thing that a model is known to lack, in the word that the trail has for it; empty if it may well answer.
     *
     * <p>A schema is not among them: where a vendor does not hold answers to it, it is put into words.
     */
    public Optional<String> lackedBy(ModelCapabilities capabilities) {
        if (images && capabilities.images() == Can.NO) {
            return Optional.of("lacks_images");
        }
        if (documents && capabilities.documents() == Can.NO) {
            return Optional.of("lacks_documents");
        }
        if (audio && capabilities.audio() == Can.NO) {
            return Optional.of("lacks_audio");
        }
        if (tools && capabilities.tools() == Can.NO) {
            return Optional.of("lacks_tools");
        }
        if (capabilities.contextWindow().isPresent()
                && promptTokensAtLeast > capabilities.contextWindow().getAsInt()) {
            return Optional.of("context_too_small");
        }
        return Optional.empty();
    }
}
