package dev.understudy.protocol.model;

import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonCursor;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;

/**
 * Looks through the conversation of one request for media, and measures its text.
 *
 * <p>Only members by which a conversation is held together are followed, so that what tools were called with, what they
 * gave back as JSON and their schemas may have members of any name. Parts are the objects in lists: a {@code type}
 * elsewhere is about something else.
 */
final class RequiredCapabilitiesScan {
    private static final NameTable TOP = NameTable.of(
            "messages",
            "input",
            "contents",
            "system",
            "instructions",
            "system_instruction",
            "systemInstruction",
            "truncation",
            "transforms",
            "context_management");

    private static final NameTable INNER = NameTable.of(
            "type",
            "content",
            "parts",
            "text",
            "output",
            "tool_calls",
            "function",
            "arguments",
            "toolResult",
            "functionResponse",
            "function_response",
            "source",
            "image",
            "document",
            "inlineData",
            "inline_data",
            "fileData",
            "file_data");

    private static final NameTable TYPES = NameTable.of(
            "image_url",
            "input_image",
            "image",
            "computer_call_output",
            "input_audio",
            "audio",
            "file",
            "input_file",
            "document",
            "document_url");

    private static final NameTable OF_SOURCE = NameTable.of("type", "content");
    private static final NameTable OF_DOCUMENT = NameTable.of("format");
    private static final NameTable OF_DATA = NameTable.of("mimeType", "mime_type");

    private static final NameTable TEXT_SOURCES = NameTable.of("text", "content");
    private static final NameTable TEXT_FORMATS = NameTable.of("txt", "md", "csv", "html");
    private static final NameTable DISABLED = NameTable.of("disabled");

    private final byte[] body;
    private final JsonCursor cursor = new JsonCursor(BodyLimits.ofDefaults().depth());
    private boolean images;
    private boolean documents;
    private boolean audio;
    private boolean shortened;
    private long characters;

    RequiredCapabilitiesScan(byte[] body) {
        this.body = body;
    }

    RequiredCapabilities needs(RequestFacts facts) {
        try {
            request();
        } catch (MalformedJson broken) {
            // The request is refused elsewhere; what was found before the fault holds.
        }
        long tokens = shortened ? 0 : TokenEstimate.tokensAtLeast(characters);
        return new RequiredCapabilities(images, documents, audio, facts.tools(), facts.jsonOutput(), tokens);
    }

    private void request() throws MalformedJson {
        if (cursor.over(body, 0, body.length).next() != Token.START_OBJECT) {
            return;
        }
        while (cursor.next() == Token.NAME) {
            String name = cursor.string().among(TOP);
            cursor.next();
            switch (name) {
                case "" -> {}
                // The vendor leaves out what is too much.
                case "truncation" ->
                    shortened |= cursor.token() == Token.STRING
                            && cursor.string().among(DISABLED).isEmpty();
                case "transforms", "context_management" -> shortened |= cursor.token() != Token.NULL;
                default -> said(false);
            }
            cursor.skipRest();
        }
    }

    /** @param item whether it stands in a list */
    private void said(boolean item) throws MalformedJson {
        switch (cursor.token()) {
            case STRING -> characters += TokenEstimate.characters(body, cursor.start() + 1, cursor.end() - 1);
            case START_ARRAY -> {
                while (cursor.next() != Token.END_ARRAY) {
                    said(true);
                }
            }
            case START_OBJECT -> object(item);
            default -> {
                // Nothing is said.
            }
        }
    }

    private void object(boolean item) throws MalformedJson {
        String type = "";
        boolean plain = false;
        while (cursor.next() == Token.NAME) {
            String name = cursor.string().among(INNER);
            cursor.next();
            switch (name) {
                case "" -> {}
                case "type" -> type = item ? word(TYPES) : "";
                case "source" -> plain |= textIsSource();
                case "image" -> images |= item && cursor.token() == Token.START_OBJECT;
                case "document" -> plain |= item && !documentIsFile();
                case "inlineData", "inline_data", "fileData", "file_data" -> {
                    if (item) {
                        data();
                    }
                }
                default -> said(false);
            }
            cursor.skipRest();
        }
        switch (type) {
            case "image_url", "input_image", "image", "computer_call_output" -> images = true;
            case "input_audio", "audio" -> audio = true;
            case "file", "input_file", "document_url" -> documents = true;
            case "document" -> documents |= !plain;
            default -> {
                // A message, a text, a call of a tool: no media.
            }
        }
    }

    /** Anthropic's {@code source}; true if a document's is text or parts, so that there is no file to be read. */
    private boolean textIsSource() throws MalformedJson {
        boolean text = false;
        if (cursor.token() == Token.START_OBJECT) {
            while (cursor.next() == Token.NAME) {
                String name = cursor.string().among(OF_SOURCE);
                cursor.next();
                switch (name) {
                    case "type" -> text = !word(TEXT_SOURCES).isEmpty();
                    case "content" -> said(false);
                    default -> {}
                }
                cursor.skipRest();
            }
        }
        return text;
    }

    /** Bedrock's {@code document}; false if it is text after all. */
    private boolean documentIsFile() throws MalformedJson {
        boolean file = false;
        if (cursor.token() == Token.START_OBJECT) {
            while (cursor.next() == Token.NAME) {
                String name = cursor.string().among(OF_DOCUMENT);
                cursor.next();
                if (!name.isEmpty() && cursor.token() == Token.STRING) {
                    file = word(TEXT_FORMATS).isEmpty();
                }
                cursor.skipRest();
            }
        }
        documents |= file;
        return file;
    }

    /** Gemini's data of any kind. */
    private void data() throws MalformedJson {
        if (cursor.token() != Token.START_OBJECT) {
            return;
        }
        while (cursor.next() == Token.NAME) {
            String name = cursor.string().among(OF_DATA);
            cursor.next();
            if (!name.isEmpty() && cursor.token() == Token.STRING) {
                String mime = cursor.string().decoded();
                images |= mime.startsWith("image/");
                audio |= mime.startsWith("audio/");
                documents |= mime.equals("application/pdf");
            }
            cursor.skipRest();
        }
    }

    private String word(NameTable words) {
        return cursor.token() == Token.STRING ? cursor.string().among(words) : "";
    }
}
