package dev.understudy.gateway.http;

import dev.understudy.calls.loop.CallLoop;
import dev.understudy.calls.work.WorkPool;
import dev.understudy.protocol.json.BadRequest;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Reads large bodies off the event loop. A body of 25 MB, all of it small values, takes more than a second to read, and no other
 * call of the event loop would continue meanwhile.
 */
final class LargeBodies {
    /** Bodies up to this size are read on the event loop, within milliseconds. In bytes. */
    static final int LARGE = 256 * 1024;

    /** What is noted of a body while it is read, at most: where each of its members is. In bytes for each of its bytes. */
    private static final long MEMORY_PER_BYTE = 8;

    private final CallLoop loop;
    private final WorkPool pool;

    LargeBodies(CallLoop loop, WorkPool pool) {
        this.loop = loop;
        this.pool = pool;
    }

    /** Reads a body, or returns what was read before. */
    @FunctionalInterface
    interface Reader<T> {
        /** @throws BadRequest if the body cannot be read */
        T read() throws BadRequest;
    }

    /**
     * Has a body read.
     *
     * @param release called if its caller leaves meanwhile, or if too many wait; the request has been answered then
     * @param reader called at most once, on any thread
     * @param whenRead called on the event loop with a reader that returns at once if the body is large
     */
    <T> void read(
            HttpServerRequest request, byte[] body, Runnable release, Reader<T> reader, Consumer<Reader<T>> whenRead) {
        if (body.length <= LARGE) {
            whenRead.accept(reader);
            return;
        }
        WorkPool.Work<T> work = pool.submit(loop, body.length * MEMORY_PER_BYTE, reader::read);
        request.response().closeHandler(left -> {
            work.cancel().run();
            release.run();
        });
        work.result().whenComplete((value, cause) -> {
            if (request.response().closed()) {
                release.run();
            } else if (cause == null) {
                whenRead.accept(() -> value);
            } else if (cause instanceof WorkPool.Full) {
                release.run();
                request.response().putHeader("retry-after", "2");
                GatewayResponses.error(
                        request,
                        503,
                        "server_error",
                        "gateway_overloaded",
                        "too many large requests wait in the gateway; try again shortly");
            } else {
                whenRead.accept(() -> {
                    throw fault(cause);
                });
            }
        });
    }

    private static RuntimeException fault(Throwable cause) throws BadRequest {
        return switch (cause) {
            case BadRequest bad -> throw bad;
            case RuntimeException fault -> fault;
            default -> new IllegalStateException("a body could not be read", cause);
        };
    }
}
