package dev.understudy.protocol.dialect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import dev.understudy.protocol.json.ByteSearch;
import dev.understudy.protocol.json.Members;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds references to files that were uploaded to a vendor's Files API: {@code file_id} in Chat Completions and Messages,
 * {@code fileUri} in Gemini's contents. Only the account to which a file was uploaded knows it.
 *
 * <p>Nearly all requests have none, which a search for the name of the member shows without reading each byte. Only where the
 * name occurs is the conversation read, because it may also be part of a tool's arguments.
 *
 * @see <a href="https://platform.openai.com/docs/guides/pdf-files">OpenAI: file inputs</a>
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/files">Anthropic: Files API</a>
 * @see <a href="https://ai.google.dev/gemini-api/docs/files">Gemini: Files API</a>
 */
public final class StoredFiles {
    private static final JsonFactory JSON = new JsonFactory();

    private static final List<String> NAMES = List.of("\"file_id\"", "\"fileUri\"", "\"file_uri\"");

    /** The members that hold a tool's arguments and results, which are JSON of the application's own. */
    private static final Set<String> OF_TOOLS = Set.of("input", "args", "arguments", "response");

    /** Gemini's {@code https://generativelanguage.googleapis.com/v1beta/files/ID}; other addresses are public, or a bucket's. */
    private static final Pattern OF_FILES_API = Pattern.compile("(https?://[^/]+/(v1[a-z0-9]*/)?)?files/[^/]+");

    private StoredFiles() {}

    /**
     * Whether a conversation refers to such a file.
     *
     * @param member that holds the conversation
     */
    public static boolean areIn(Members members, String member) {
        int index = members.indexOf(member);
        if (index < 0) {
            return false;
        }
        return ByteSearch.anyMayBeIn(members.body(), NAMES)
                && refers(members.body(), members.valueStart(index), members.valueEnd(index));
    }

    private static boolean refers(byte[] body, int from, int to) {
        try (JsonParser json = JSON.createParser(body, from, to - from)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME && OF_TOOLS.contains(json.currentName())) {
                    json.nextToken();
                    json.skipChildren();
                } else if (json.currentToken() == JsonToken.VALUE_STRING && isReference(json)) {
                    return true;
                }
            }
            return false;
        } catch (IOException malformed) {
            // It is reported when the request is read; a target of the same dialect reports it itself.
            return false;
        }
    }

    private static boolean isReference(JsonParser json) throws IOException {
        String name = json.currentName();
        if (name == null || !json.getParsingContext().inObject()) {
            return false;
        }
        return switch (name) {
            case "file_id" -> Set.of("file", "source", "content").contains(holder(json.getParsingContext()));
            case "fileUri", "file_uri" -> OF_FILES_API.matcher(json.getText()).matches();
            default -> false;
        };
    }

    /** The name of the member that holds an object, itself or in a list; empty at the top. */
    private static String holder(JsonStreamContext object) {
        JsonStreamContext outer = object.getParent();
        if (outer != null && outer.inArray()) {
            outer = outer.getParent();
        }
        return Optional.ofNullable(outer).map(JsonStreamContext::getCurrentName).orElse("");
    }
}
