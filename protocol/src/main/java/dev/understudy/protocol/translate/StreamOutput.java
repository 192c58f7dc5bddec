package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the caller gets for the frames of a stream. Not for several threads at a time. */
public abstract sealed class StreamOutput {
    private static final byte[] NOTHING = {};

    private StreamOutput() {}

    /** The frames as they came: caller and target speak the same dialect. */
    public static StreamOutput verbatim(Dialect dialect) {
        return new Verbatim(dialect);
    }

    /**
     * Frames of the caller's dialect.
     *
     * @param writer of that dialect
     * @param model who answers, if the stream does not say
     */
    public static StreamOutput written(Dialect to, StreamWriter writer, String model) {
        return new Written(to, writer, model);
    }

    /** Nothing: the frames are put together to one answer. */
    static StreamOutput assembled(AnswerAssembly assembly) {
        return new Assembled(assembly);
    }

    /**
     * Frames of the caller's dialect that continue those it has.
     *
     * @param model the model that continues, if the stream does not name it
     * @param continued brings the two parts together
     * @param mark called at the end of the answer: the bytes that tell the caller that two attempts made it; they come before
     *     the end, since some clients take nothing more after that
     */
    public static StreamOutput continued(
            Dialect to, StreamWriter writer, String model, ContinuationEvents continued, Supplier<byte[]> mark) {
        return new Continued(to, writer, model, continued, mark);
    }

    /** Remembers where the caller is: the frames from the next one on may be held back, and thrown away. */
    abstract void mark();

    /** A call has begun with the last frame, which is held back. */
    void callBegan(StreamReader reader) {}

    abstract void nextFrame();

    abstract void take(StreamEvent event);

    /**
     * The stream says that it is over, but not why: what it lacks. Told like any other event, with a warning.
     *
     * @param begin what the stream said of itself
     */
    abstract void endUnsaid(StreamEvent.Begin begin, List<StreamEvent.Ended> ends);

    /** What is written for the last frame; where frames are passed through, what has to be added before it. */
    abstract byte[] written();

    /** Why what came is of no use to this caller. */
    Optional<Failure> failure() {
        return Optional.empty();
    }

    /** What comes after the last frame of a complete answer. */
    abstract byte[] ending();

    /**
     * How far the caller's stream has come.
     *
     * @param reader of the stream that comes
     * @param held whether the frames since the {@link #mark} are held back
     */
    abstract StreamPosition position(StreamReader reader, boolean held);

    boolean isVerbatim() {
        return false;
    }

    private static final class Verbatim extends StreamOutput {
        private final Dialect dialect;
        private final ByteArrayOutputStream added = new ByteArrayOutputStream(0);
        private StreamPosition beforeCall = StreamPosition.START;

        Verbatim(Dialect dialect) {
            this.dialect = dialect;
        }

        @Override
        void mark() {
            // A reader tells the place before an open call by itself, without one being made for each frame.
        }

        @Override
        void callBegan(StreamReader reader) {
            beforeCall = reader.position();
        }

        @Override
        void nextFrame() {}

        @Override
        void take(StreamEvent event) {
            // The frame tells it.
        }

        /** Where a dialect ends with a frame of its own, its clients take that for the end, whatever came before it. */
        @Override
        void endUnsaid(StreamEvent.Begin begin, List<StreamEvent.Ended> ends) {
            if (!dialect.endsWithDone()) {
                added.writeBytes(new StreamAnnotations(dialect, begin.model()).ends(begin, ends));
            }
        }

        @Override
        byte[] written() {
            if (added.size() == 0) {
                return NOTHING;
            }
            byte[] bytes = added.toByteArray();
            added.reset();
            return bytes;
        }

        @Override
        byte[] ending() {
            return dialect.forgottenEnd();
        }

        @Override
        StreamPosition position(StreamReader reader, boolean held) {
            return held ? beforeCall : reader.position();
        }

        @Override
        boolean isVerbatim() {
            return true;
        }
    }

    private static sealed class Written extends StreamOutput {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        private final Dialect to;
        private final StreamWriter writer;
        private final String model;
        private StreamPosition marked = StreamPosition.START;

        Written(Dialect to, StreamWriter writer, String model) {
            this.to = to;
            this.writer = writer;
            this.model = model;
        }

        @Override
        void mark() {
            marked = writer.position();
        }

        @Override
        void nextFrame() {
            bytes.reset();
        }

        @Override
        void take(StreamEvent event) {
            switch (event) {
                // The end is written when the answer has been found to be complete; see ending().
                case StreamEvent.Done done -> {}
                case StreamEvent.Failed failed -> {}
                case StreamEvent.Ping ping -> {}
                case StreamEvent.Begin(String id, String said, var created)
                when said.isEmpty() -> write(new StreamEvent.Begin(id, model, created));
                default -> write(event);
            }
        }

        @Override
        void endUnsaid(StreamEvent.Begin begin, List<StreamEvent.Ended> ends) {
            StreamPosition position = writer.position();
            bytes.writeBytes(new StreamAnnotations(to, model)
                    .warning(position.id(), position.created(), StreamAnnotations.UNSAID));
            ends.forEach(this::take);
        }

        @Override
        Optional<Failure> failure() {
            return writer.failure();
        }

        final void write(StreamEvent event) {
            writer.write(event, bytes);
        }

        @Override
        byte[] written() {
            return bytes.toByteArray();
        }

        @Override
        byte[] ending() {
            bytes.reset();
            write(new StreamEvent.Done());
            return bytes.toByteArray();
        }

        @Override
        StreamPosition position(StreamReader reader, boolean held) {
            return held ? marked : writer.position();
        }
    }

    private static final class Continued extends Written {
        private final ContinuationEvents continued;
        private final Supplier<byte[]> remark;
        private boolean remarked;

        Continued(
                Dialect to, StreamWriter writer, String model, ContinuationEvents continued, Supplier<byte[]> remark) {
            super(to, writer, model);
            this.remark = remark;
            this.continued = continued;
        }

        @Override
        void take(StreamEvent event) {
            continued.pass(event, this::give);
        }

        private void give(StreamEvent event) {
            if (event instanceof StreamEvent.Ended) {
                remark();
            }
            super.take(event);
        }

        private void remark() {
            if (!remarked) {
                remarked = true;
                bytes.writeBytes(remark.get());
            }
        }

        @Override
        Optional<Failure> failure() {
            return continued.failure().or(super::failure);
        }

        @Override
        byte[] ending() {
            byte[] end = super.ending();
            bytes.reset();
            remark();
            bytes.writeBytes(end);
            return bytes.toByteArray();
        }
    }

    private static final class Assembled extends StreamOutput {
        private final AnswerAssembly assembly;

        Assembled(AnswerAssembly assembly) {
            this.assembly = assembly;
        }

        @Override
        void nextFrame() {}

        @Override
        void take(StreamEvent event) {
            assembly.take(event);
        }

        @Override
        void endUnsaid(StreamEvent.Begin begin, List<StreamEvent.Ended> ends) {
            ends.forEach(assembly::take);
        }

        @Override
        byte[] written() {
            return NOTHING;
        }

        @Override
        byte[] ending() {
            return new byte[0];
        }

        @Override
        void mark() {}

        @Override
        StreamPosition position(StreamReader reader, boolean held) {
            return reader.position();
        }
    }
}
