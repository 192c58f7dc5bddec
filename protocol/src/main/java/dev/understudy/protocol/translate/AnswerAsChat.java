package dev.understudy.protocol.translate;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.NeutralAnswer;
import java.util.Optional;
import java.util.function.Consumer;

/** Turns answers of any dialect into chat completions, for checks that know only those. */
public final class AnswerAsChat {
    private static final OpenAiDialect CHAT = new OpenAiDialect();
    private static final RequestContext NOTHING = new RequestContext(new byte[0], true, 0);

    private final Dialect dialect;

    /** @param dialect of the answers */
    public AnswerAsChat(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Whether there is nothing to turn. */
    public boolean isChat() {
        return dialect.name().equals(CHAT.name());
    }

    /** A whole answer; empty if it is none. */
    public Optional<byte[]> whole(byte[] body) {
        try {
            return Optional.of(written(dialect.readAnswer(body, 0, body.length)));
        } catch (InvalidAnswer none) {
            // It was found to be an answer before; there is nothing to check in what is none.
            return Optional.empty();
        }
    }

    /** The frames of a stream, as one answer. */
    public Optional<byte[]> streamed(byte[] bytes) {
        AnswerAssembly assembly = new AnswerAssembly();
        StreamReader reader = dialect.streamReader();
        if (bytes.length > 0 && bytes[0] == '[') {
            readArray(bytes, frame -> reader.read(frame, assembly::take));
        } else {
            readFrames(bytes, frame -> reader.read(frame, assembly::take));
        }
        return Optional.of(written(assembly.answer()));
    }

    /** The array as which some of Gemini's callers get a stream; we write it, each element on a line of its own. */
    private static void readArray(byte[] bytes, Consumer<Frame> to) {
        int start = 1;
        while (start < bytes.length) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            // Before a line break stands a comma.
            int length = (end < bytes.length ? end - 1 : end) - start;
            to.accept(new Frame("", false, bytes, start, length));
            start = end + 1;
        }
    }

    private void readFrames(byte[] bytes, Consumer<Frame> to) {
        FrameDecoder frames = FrameDecoder.of(dialect.framing(), Math.max(1, bytes.length), new FrameDecoder.Handler() {
            @Override
            public void frame(Frame frame, byte[] raw, int offset, int length) {
                to.accept(frame);
            }

            @Override
            public void ping(byte[] array, int offset, int length) {
                // No part of the answer.
            }

            @Override
            public void cut() {
                // Of no answer.
            }

            @Override
            public void broken(String why) {
                throw new IllegalStateException("frames of our own writing cannot be cut: " + why);
            }
        });
        frames.feed(bytes, 0, bytes.length);
        frames.end();
    }

    private static byte[] written(NeutralAnswer answer) {
        return CHAT.writeAnswer(answer, NOTHING);
    }
}
