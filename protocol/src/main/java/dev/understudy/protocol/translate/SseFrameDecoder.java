package dev.understudy.protocol.translate;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.sse.SseDecoder;
import dev.understudy.protocol.sse.SseEvent;
import dev.understudy.protocol.sse.SseHandler;

/** Server-sent events as frames. */
final class SseFrameDecoder implements FrameDecoder, SseHandler {
    private final SseDecoder decoder;
    private final Handler handler;
    private final Frame frame = new Frame();
    private boolean unterminated;

    SseFrameDecoder(int maxFrameBytes, Handler handler) {
        this.decoder = new SseDecoder(maxFrameBytes);
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
        handler.cut();
    }

    @Override
    public void overflow(int limit) {
        handler.broken("An event of more than " + limit + " bytes");
    }
}
