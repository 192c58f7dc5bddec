package dev.understudy.rehearsal;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;

/** Writes the status line and the headers of a response. Nothing is added that was not said: faults need that. */
final class HttpHead {

    private final StringBuilder text = new StringBuilder(256);

    private HttpHead(String version, int status) {
        text.append(version)
                .append(' ')
                .append(status)
                .append(' ')
                .append(HttpResponseStatus.valueOf(status).reasonPhrase())
                .append("\r\n");
    }

    static HttpHead http11(int status) {
        return new HttpHead("HTTP/1.1", status);
    }

    static HttpHead http10(int status) {
        return new HttpHead("HTTP/1.0", status);
    }

    HttpHead with(String name, Object value) {
        text.append(name).append(": ").append(value).append("\r\n");
        return this;
    }

    /** The head alone. */
    Buffer bytes() {
        return Buffer.buffer(text + "\r\n");
    }

    /** The head with the body's true length, and the body. */
    Buffer withBody(Buffer body) {
        return with("content-length", body.length()).bytes().appendBuffer(body);
    }
}
