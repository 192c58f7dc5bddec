package dev.understudy.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;

/** The content of a JSON page, written as a whole. */
@FunctionalInterface
interface JsonPage {
    JsonFactory JSON = new JsonFactory();

    void writeTo(JsonGenerator json) throws IOException;

    /** The page as text. */
    static String text(JsonPage page) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            page.writeTo(json);
        } catch (IOException impossible) {
            throw new IllegalStateException("a string cannot fail to be written to", impossible);
        }
        return text.toString();
    }
}
