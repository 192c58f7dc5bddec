package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerListener.Piece;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.dialect.Place;
import java.util.Optional;

/** A stream that is passed on as it comes, for nobody here knows when it is complete but HTTP itself. */
final class PlainStream implements AnswerStream {
    private static final byte[] NOTHING = {};

    private final AnswerListener listener;
    private boolean anythingCame;

    PlainStream(AnswerListener listener) {
        this.listener = listener;
    }

    @Override
    public void feed(byte[] array, int offset, int length) {
        anythingCame |= length > 0;
        listener.piece(Piece.CONTENT, array, offset, length);
    }

    @Override
    public void end() {
        if (!anythingCame) {
            listener.failed(Failure.of(FailureKind.TRUNCATED, "The stream ended before anything came"), NOTHING, 0, 0);
            return;
        }
        listener.piece(Piece.FINISH, NOTHING, 0, 0);
        listener.piece(Piece.DONE, NOTHING, 0, 0);
    }

    @Override
    public long characters() {
        return 0;
    }

    @Override
    public boolean continuable() {
        return false;
    }

    @Override
    public Optional<String> text() {
        return Optional.empty();
    }

    @Override
    public Place place() {
        return Place.START;
    }

    @Override
    public Usage usage() {
        return Usage.NONE;
    }

    @Override
    public long completionTokens() {
        return 0;
    }

    @Override
    public byte[] ending() {
        return NOTHING;
    }
}
