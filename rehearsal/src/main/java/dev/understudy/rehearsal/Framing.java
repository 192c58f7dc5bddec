package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** How a streamed body is put on the wire. An instance serves one answer. */
sealed interface Framing {

    /** The headers that announce it. */
    HttpHead head(int status);

    /** One piece of the body. */
    Buffer piece(Buffer bytes);

    /** What stands behind the last piece. */
    Buffer end();

    /** The connection can take another request after the end. */
    boolean keepsConnection();

    /** HTTP/1.1 chunks: one for each piece. */
    record Chunked() implements Framing {
        @Override
        public HttpHead head(int status) {
            return HttpHead.http11(status).with("transfer-encoding", "chunked");
        }

        @Override
        public Buffer piece(Buffer bytes) {
            return Buffer.buffer(Integer.toHexString(bytes.length()))
                    .appendString("\r\n")
                    .appendBuffer(bytes)
                    .appendString("\r\n");
        }

        @Override
        public Buffer end() {
            return Buffer.buffer("0\r\n\r\n");
        }

        @Override
        public boolean keepsConnection() {
            return true;
        }
    }

    /** HTTP/1.0: the body extends until the connection is closed. */
    record UntilClose() implements Framing {
        @Override
        public HttpHead head(int status) {
            return HttpHead.http10(status).with("connection", "close");
        }

        @Override
        public Buffer piece(Buffer bytes) {
            return bytes;
        }

        @Override
        public Buffer end() {
            return Buffer.buffer();
        }

        @Override
        public boolean keepsConnection() {
            return false;
        }
    }

    /** Chunks of one gzip stream, flushed after each piece so that a reader can decode it at once. */
    final class Gzipped implements Framing {
        private final Chunked chunks = new Chunked();
        private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        private final GZIPOutputStream gzip;

        Gzipped() {
            try {
                gzip = new GZIPOutputStream(compressed, 512, true);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        @Override
        public HttpHead head(int status) {
            return chunks.head(status).with("content-encoding", "gzip");
        }

        @Override
        public Buffer piece(Buffer bytes) {
            try {
                gzip.write(bytes.getBytes());
                gzip.flush();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            return chunks.piece(take());
        }

        @Override
        public Buffer end() {
            try {
                gzip.finish();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            return chunks.piece(take()).appendBuffer(chunks.end());
        }

        @Override
        public boolean keepsConnection() {
            return true;
        }

        private Buffer take() {
            Buffer bytes = Buffer.buffer(compressed.toByteArray());
            compressed.reset();
            return bytes;
        }
    }
}
