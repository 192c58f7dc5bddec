package dev.understudy.protocol.translate;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.eventstream.EventStreamDecoder;
import dev.understudy.protocol.eventstream.EventStreamFrame;
import dev.understudy.protocol.eventstream.EventStreamHandler;

/** Amazon's binary frames. */
final class EventStreamFrameDecoder implements FrameDecoder, EventStreamHandler {
    private final EventStreamDecoder decoder;
    private final Handler handler;
    private final Frame next = new Frame();

    EventStreamFrameDecoder(int maxFrameBytes, Handler handler) {
        this.decoder = new EventStreamDecoder(Math.max(maxFrameBytes, 64));
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
        return false;
    }

    @Override
    public boolean lacksBlankLine() {
        return false;
    }

    @Override
    public void frame(EventStreamFrame frame) {
        handler.frame(
                next.set(frame.name(), frame.exception(), frame.data(), frame.dataOffset(), frame.dataLength()),
                frame.raw(),
                frame.rawOffset(),
                frame.rawLength());
    }

    @Override
    public void cut(byte[] array, int offset, int length) {
        // Half a frame: that the stream has no end tells enough.
    }

    @Override
    public void malformed(String why) {
        handler.broken(why);
    }
}
