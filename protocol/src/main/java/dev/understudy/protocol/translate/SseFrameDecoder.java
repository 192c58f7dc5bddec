package dev.understudy.protocol.translate;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.sse.DoneMark;
import dev.understudy.protocol.sse.SseDecoder;
import dev.understudy.protocol.sse.SseEvent;
import dev.understudy.protocol.sse.SseHandler;
import java.util.Arrays;

/**
 * Server-sent events as frames.
 *
 * <p>A stream that ends inside a line was cut, unless what the line says is a whole JSON object or {@code [DONE]}: nothing can be
 * missing of it but the line end, which some servers forget.
 */
final class SseFrameDecoder implements FrameDecoder, SseHandler {
    private static final byte[] LINE_FEED = {'\n'};

    private final SseDecoder decoder;
    private final Handler handler;
    private final Frame frame = new Frame();
    private final int maxFrameBytes;
    private boolean unterminated;

    SseFrameDecoder(int maxFrameBytes, Handler handler) {
        this.decoder = new SseDecoder(maxFrameBytes);
        this.maxFrameBytes = maxFrameBytes;
        this.handler = handler;
    }

    @Override
    public void feed(byte[] array, int offset, int length) {
        decoder.feed(array, offset, length, this);
    }

    @Override
    public void end() {
        decoder.end(this);
    }

    @Override
    public int kept() {
        return decoder.kept();
    }

    @Override
    public void forgetKept() {
        decoder.forgetKept();
    }

    @Override
    public boolean isText() {
        return true;
    }

    @Override
    public boolean lacksBlankLine() {
        return unterminated;
    }

    @Override
    public void event(SseEvent event) {
        unterminated = !event.terminated();
        if (event.dataLength() == 0 && !event.name().equals("error")) {
            handler.ping(event.raw(), event.rawOffset(), event.rawLength());
        } else {
            handler.frame(
                    frame.set(event.name(), false, event.data(), event.dataOffset(), event.dataLength()),
                    event.raw(),
                    event.rawOffset(),
                    event.rawLength());
        }
    }

    @Override
    public void ping(byte[] array, int offset, int length) {
        unterminated = false;
        handler.ping(array, offset, length);
    }

    @Override
    public void cut(byte[] array, int offset, int length) {
        byte[] raw = Arrays.copyOfRange(array, offset, offset + length);
        LastLine last = new LastLine(raw);
        SseDecoder again = new SseDecoder(maxFrameBytes);
        again.feed(raw, 0, length, last);
        again.feed(LINE_FEED, 0, LINE_FEED.length, last);
        again.end(last);
        if (!last.whole) {
            handler.cut();
        }
    }

    /** Takes the bytes behind the last line end for an event, if it is a whole one. */
    private final class LastLine implements SseHandler {
        private final byte[] raw;
        private boolean whole;

        LastLine(byte[] raw) {
            this.raw = raw;
        }

        @Override
        public void event(SseEvent event) {
            byte[] data = event.data();
            int offset = event.dataOffset();
            int length = event.dataLength();
            whole = DoneMark.is(data, offset, length)
                    || (length > 0 && data[offset] == '{' && PassThroughAnswer.isWhole(data, offset, length));
            if (whole) {
                unterminated = true;
                handler.frame(frame.set(event.name(), false, data, offset, length), raw, 0, raw.length);
            }
        }

        @Override
        public void ping(byte[] array, int offset, int length) {
            // Not an event: what was cut stays cut.
        }

        @Override
        public void cut(byte[] array, int offset, int length) {
            throw new IllegalStateException("The last line has been ended");
        }

        @Override
        public void overflow(int limit) {
            // The line is as long as an event may be, without its end: it stays cut.
        }
    }

    @Override
    public void overflow(int limit) {
        handler.broken("An event of more than " + limit + " bytes");
    }
}
