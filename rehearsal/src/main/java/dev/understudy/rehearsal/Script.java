package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that happens on the wire in answer to one request.
 *
 * @param steps in order
 * @param ending what follows the last step
 */
record Script(List<WireStep> steps, Ending ending) {

    Script {
        steps = List.copyOf(steps);
    }

    static Writer begin() {
        return new Writer();
    }

    /** Collects steps; each of its last methods completes the script. */
    static final class Writer {
        private final List<WireStep> steps = new ArrayList<>();

        Writer send(Buffer bytes) {
            if (bytes.length() > 0) {
                steps.add(new WireStep.Send(bytes));
            }
            return this;
        }

        Writer pause(Duration time) {
            if (time.isPositive()) {
                steps.add(new WireStep.Pause(time));
            }
            return this;
        }

        Script nextRequest() {
            return endWith(new Ending.NextRequest());
        }

        Script close() {
            return endWith(new Ending.Close());
        }

        Script reset() {
            return endWith(new Ending.Reset());
        }

        Script hold() {
            return endWith(new Ending.Hold());
        }

        /** Sends the bytes every so often. */
        Script repeat(Buffer bytes, Duration every) {
            return endWith(new Ending.Repeat(List.of(new WireStep.Send(bytes), new WireStep.Pause(every))));
        }

        private Script endWith(Ending ending) {
            return new Script(steps, ending);
        }
    }
}
