package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerListener.EventKind;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.BodyStart;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.failure.Classifier;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A stream that is passed through as it comes: only HTTP itself tells when it is complete. What begins like a
 * JSON document or a page is looked at as a whole first: an error in place of a stream must not reach the caller as one.
 */
final class PassThroughStream implements AnswerStream {
    private static final byte[] NOTHING = {};
    private static final int SUCCESS = 200;
    private static final int LONGEST_HEAD = 64;
    private static final Pattern PAGE =
            Pattern.compile("^\\s*<(!doctype|html|\\?xml|head|body)", Pattern.CASE_INSENSITIVE);
    private static final Pattern CUT_JSON = Pattern.compile("^\\s*(\\{\\s*\"|\\[\\s*[{\"])");

    private final AnswerListener listener;
    private final BodyStart start = new BodyStart();
    private boolean anythingCame;
    private boolean failed;

    PassThroughStream(AnswerListener listener) {
        this.listener = listener;
    }

    @Override
    public void feed(byte[] array, int offset, int length) {
        boolean waited = start.size() > 0;
        switch (start.look(array, offset, length)) {
            case OPEN, DOCUMENT, PAGE -> keep(array, offset, length);
            case STREAM -> {
                if (waited) {
                    passKept();
                }
                listener.event(EventKind.CONTENT, array, offset, length);
                anythingCame = true;
            }
        }
    }

    private void keep(byte[] array, int offset, int length) {
        start.keep(array, offset, length);
        if (start.isTooLarge() && !failed) {
            fail("A body that is not an event stream, and too large to be checked");
        } else if (!failed) {
            listener.event(EventKind.NO_CONTENT, NOTHING, 0, 0);
        }
    }

    private void passKept() {
        byte[] kept = start.document();
        start.forget();
        listener.event(EventKind.CONTENT, kept, 0, kept.length);
        anythingCame = true;
    }

    @Override
    public void end() {
        if (failed) {
            return;
        }
        if (start.size() > 0) {
            judgeKept();
        }
        if (!failed && !anythingCame) {
            failed = true;
            listener.failed(Failure.of(FailureKind.TRUNCATED, "The stream ended before any event"), NOTHING, 0, 0);
        }
        if (!failed) {
            listener.event(EventKind.FINISH, NOTHING, 0, 0);
            listener.event(EventKind.DONE, NOTHING, 0, 0);
        }
    }

    /** Sound may begin with any byte, so that the first one alone is no proof. */
    private void judgeKept() {
        byte[] kept = start.document();
        if (PassThroughAnswer.isWhole(kept, 0, kept.length)) {
            Failure inBand = Classifier.classify(SUCCESS, HeaderLookup.NONE, kept, 0);
            if (inBand.kind() == FailureKind.MALFORMED) {
                fail("A JSON body instead of a stream");
            } else {
                failed = true;
                listener.failed(inBand, NOTHING, 0, 0);
            }
        } else if (CUT_JSON.matcher(head(kept)).find()) {
            fail("Truncated or invalid JSON instead of a stream");
        } else if (PAGE.matcher(head(kept)).find()) {
            fail("HTML instead of a stream");
        } else {
            passKept();
        }
    }

    private static String head(byte[] kept) {
        return new String(kept, 0, Math.min(kept.length, LONGEST_HEAD), StandardCharsets.ISO_8859_1);
    }

    private void fail(String why) {
        failed = true;
        listener.failed(Failure.of(FailureKind.MALFORMED, why), NOTHING, 0, 0);
    }

    @Override
    public int kept() {
        return start.size();
    }

    @Override
    public void forgetKept() {
        start.forget();
    }

    @Override
    public boolean toolCallOpen() {
        return false;
    }

    @Override
    public boolean toolOpen() {
        return false;
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
    public StreamPosition position() {
        return StreamPosition.START;
    }

    @Override
    public Usage usage() {
        return Usage.NONE;
    }

    @Override
    public AnswerReport report() {
        return AnswerReport.NONE;
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
