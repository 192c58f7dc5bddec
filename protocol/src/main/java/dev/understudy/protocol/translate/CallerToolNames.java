package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.Framing;
import dev.understudy.protocol.eventstream.EventStreamDecoder;
import dev.understudy.protocol.eventstream.EventStreamFrame;
import dev.understudy.protocol.eventstream.EventStreamHandler;
import dev.understudy.protocol.eventstream.EventStreamText;
import dev.understudy.protocol.json.JsonOut;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The caller's names of tools by those that targets were sent in their place.
 *
 * <p>A replacement is derived from the name, so all targets of a call share one object. An answer may be read while a request for
 * another target is written on another thread.
 *
 * <p>In answers that are passed through, a name is put back by its bytes: a replacement ends with a hash, so that its quoted form
 * occurs nowhere else.
 */
public final class CallerToolNames {
    private final Map<String, String> bySent = new ConcurrentHashMap<>();

    void add(String sent, String callers) {
        bySent.put(sent, callers);
    }

    /**
     * The caller's name of a tool.
     *
     * @param sent the name in an answer, which may be one that stands for it
     */
    public String of(String sent) {
        return bySent.getOrDefault(sent, sent);
    }

    /** The listener with the caller's names in all that it gets; the same one where no name was replaced. */
    AnswerListener restoredFor(AnswerListener listener, Framing framing) {
        return bySent.isEmpty() ? listener : new Restoring(listener, framing);
    }

    /** The reader with the caller's names in what it reads; the same one where no name was replaced. */
    WholeAnswerResult.Reader restored(WholeAnswerResult.Reader reader) {
        if (bySent.isEmpty()) {
            return reader;
        }
        return (array, offset, length) -> {
            byte[] came = Arrays.copyOfRange(array, offset, offset + length);
            return switch (reader.read(array, offset, length)) {
                case WholeAnswerResult.Accepted(var usage, var report, var written) ->
                    new WholeAnswerResult.Accepted(usage, report, restored(written, came));
                case WholeAnswerResult.Rejected(var failure, var written) ->
                    new WholeAnswerResult.Rejected(failure, restored(written, came));
            };
        };
    }

    private Optional<byte[]> restored(Optional<byte[]> written, byte[] came) {
        byte[] before = written.orElse(came);
        byte[] after = restored(before);
        return Arrays.equals(before, after) ? written : Optional.of(after);
    }

    private byte[] restored(byte[] json) {
        String text = new String(json, ISO_8859_1);
        String restored = text;
        for (Map.Entry<String, String> name : bySent.entrySet()) {
            restored = restored.replace(
                    "\"" + name.getKey() + "\"",
                    new String(JsonOut.quote(name.getValue()).getBytes(UTF_8), ISO_8859_1));
        }
        return restored.equals(text) ? json : restored.getBytes(ISO_8859_1);
    }

    /** Puts names back in each piece of a stream. Pieces are whole frames. */
    private final class Restoring implements AnswerListener {
        private final AnswerListener listener;
        private final Framing framing;

        Restoring(AnswerListener listener, Framing framing) {
            this.listener = listener;
            this.framing = framing;
        }

        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            byte[] bytes = bytes(array, offset, length);
            listener.event(event, bytes, 0, bytes.length);
        }

        @Override
        public void failed(Failure failure, byte[] array, int offset, int length) {
            byte[] bytes = bytes(array, offset, length);
            listener.failed(failure, bytes, 0, bytes.length);
        }

        private byte[] bytes(byte[] array, int offset, int length) {
            byte[] came = Arrays.copyOfRange(array, offset, offset + length);
            if (length == 0) {
                return came;
            }
            return switch (framing) {
                case SSE -> restored(came);
                case EVENT_STREAM -> frames(came);
            };
        }

        /** A frame of an event stream has its length and a checksum, so one that changes is written anew. */
        private byte[] frames(byte[] came) {
            ByteArrayOutputStream to = new ByteArrayOutputStream(came.length);
            EventStreamHandler handler = new EventStreamHandler() {
                @Override
                public void frame(EventStreamFrame frame) {
                    byte[] data = Arrays.copyOfRange(
                            frame.data(), frame.dataOffset(), frame.dataOffset() + frame.dataLength());
                    byte[] restored = restored(data);
                    if (frame.exception() || Arrays.equals(data, restored)) {
                        to.write(frame.raw(), frame.rawOffset(), frame.rawLength());
                    } else {
                        EventStreamText.append(
                                to, frame.name(), json -> json.writeRawValue(new String(restored, UTF_8)));
                    }
                }

                @Override
                public void cut(byte[] array, int offset, int length) {
                    to.write(array, offset, length);
                }

                @Override
                public void malformed(String why) {
                    // The stream was read before, and would have failed.
                }
            };
            EventStreamDecoder decoder = new EventStreamDecoder(Math.max(1, came.length));
            decoder.feed(came, 0, came.length, handler);
            decoder.end(handler);
            return to.toByteArray();
        }
    }
}
