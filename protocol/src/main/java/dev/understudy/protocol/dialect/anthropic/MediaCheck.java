package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.Turn;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds what Anthropic's models cannot look at, before anything is written. */
final class MediaCheck {
    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private MediaCheck() {}

    static void check(List<Turn> turns) throws UntranslatableRequest {
        for (Turn turn : turns) {
            check("messages", turn.parts());
        }
    }

    private static void check(String field, List<Part> parts) throws UntranslatableRequest {
        for (Part part : parts) {
            switch (part) {
                case Part.Media media -> check(field, media);
                case Part.ToolResult result -> check(field, result.content());
                default -> {
                    // Words.
                }
            }
        }
    }

    private static void check(String field, Part.Media media) throws UntranslatableRequest {
        switch (media.kind()) {
            case AUDIO, VIDEO ->
                throw new UntranslatableRequest(
                        field, "Anthropic takes no " + media.kind().name().toLowerCase(Locale.ROOT) + ".");
            case IMAGE, DOCUMENT -> {}
        }
        boolean image = media.kind() == Part.Media.Kind.IMAGE;
        switch (media.source()) {
            case Source.Url url -> {}
            case Source.Stored stored -> {
                if (!stored.dialect().equals(AnthropicDialect.NAME)) {
                    throw new UntranslatableRequest(
                            field, "A file that was uploaded to " + stored.dialect() + " is unknown to Anthropic.");
                }
            }
            case Source.Inline inline -> {
                String type = inline.mediaType().toLowerCase(Locale.ROOT);
                if (image ? !IMAGES.contains(type) : !isDocument(type, inline)) {
                    throw new UntranslatableRequest(
                            field,
                            "Anthropic takes no " + (image ? "images" : "documents") + " of this type: "
                                    + inline.mediaType());
                }
            }
        }
    }

    private static boolean isDocument(String type, Source.Inline inline) {
        return type.equals("application/pdf") || (type.startsWith("text/") && isBase64(inline.base64()));
    }

    private static boolean isBase64(String text) {
        try {
            MessageWriter.decoded(text);
            return true;
        } catch (IllegalArgumentException broken) {
            return false;
        }
    }
}
