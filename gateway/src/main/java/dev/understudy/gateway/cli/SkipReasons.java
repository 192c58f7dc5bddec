package dev.understudy.gateway.cli;

import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import java.util.List;

/** Describes why a plan skips targets, for the output of commands. */
final class SkipReasons {
    private static final String LACKS = "lacks_";

    private SkipReasons() {}

    /** One row per target that is skipped. */
    static TextTable table(List<TrailEntry> skipped) {
        TextTable table = new TextTable("SKIPPED", "REASON", "");
        for (TrailEntry entry : skipped) {
            table.row(entry.target(), entry.reason(), described(entry.reason()));
        }
        return table;
    }

    /** A reason of the trail, as a sentence. One that is unknown here has none. */
    static String described(String reason) {
        if (reason.equals(FailureKind.UNKNOWN_MODEL.wireName())) {
            return "No model has this name.";
        }
        return switch (reason) {
            case "model_not_permitted" -> "The caller's key may not use it.";
            case "provider_not_permitted" -> "The caller's key may not use its provider.";
            case "lacks_price" -> "Its price is not known, and the caller's key has a budget.";
            case "excluded" -> "The request excludes it.";
            case "fallbacks_off" -> "The fallbacks of the model are switched off (fallbacks-enabled).";
            case "on_purpose" -> "The request treats its primary as failed, to test the fallbacks.";
            case "other_vectors" -> "Its embeddings are not comparable with those of the first target.";
            case "too_many_tools" -> "The request offers more tools than its vendor accepts.";
            case "context_too_small" -> "The prompt is longer than its context window.";
            case "lacks_images", "lacks_documents", "lacks_audio", "lacks_tools" ->
                "The request needs " + reason.substring(LACKS.length()) + ", which its model does not support.";
            case "lacks_conversation" -> "Another provider has stored the conversation that the request continues.";
            case "lacks_stored_input" -> "Another provider has stored an item or a file of the request.";
            case "lacks_background" -> "Its provider has no background responses.";
            case "background" -> "A background response is started at one target only.";
            default ->
                reason.startsWith(LACKS) ? "Its provider has no " + reason.substring(LACKS.length()) + " API." : "";
        };
    }
}
