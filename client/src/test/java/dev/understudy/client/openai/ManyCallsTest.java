package dev.understudy.client.openai;

import static dev.understudy.client.openai.OpenAiScene.begun;
import static dev.understudy.client.openai.OpenAiScene.content;
import static dev.understudy.client.openai.OpenAiScene.error;
import static dev.understudy.client.openai.OpenAiScene.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.understudy.client.openai.OpenAiScene.Mode;
import dev.understudy.testing.wire.Reply;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many calls with random faults: every one is answered, and nothing is left behind. */
class ManyCallsTest {
    private static final int CALLS = 10_000;
    private static final int AT_ONCE = 8;
    private static final long SEED = 13;
    /** Pools and caches may grow a little; a leak of one small buffer for each call would be several times as much. */
    private static final long MOST_GROWTH = 8L * 1024 * 1024;

    private final OpenAiScene scene = new OpenAiScene();

    @AfterEach
    void stop() {
        scene.close();
    }

    private static Reply faulty(Random random, boolean stream) {
        Mode mode = stream ? Mode.STREAM : Mode.SYNC;
        return switch (random.nextInt(8)) {
            case 0 -> error(500);
            case 1 -> error(429);
            case 2 -> Reply.start().reset();
            case 3 -> Reply.start().close();
            case 4 -> stream ? begun().event(content("one ")).reset() : Reply.json(200, "{\"id\":");
            case 5 -> stream ? begun().reset() : OpenAiScene.whole(" ");
            default -> mode.reply("one two");
        };
    }

    @Test
    void noThreadConnectionOrBufferIsLeftBehind() throws Exception {
        Random seeded = new Random(SEED);
        scene.primary.answerWith(received -> {
            synchronized (seeded) {
                return faulty(seeded, received.body().contains("\"stream\":true"));
            }
        });
        scene.backup.answerWith(received -> received.body().contains("\"stream\":true")
                ? OpenAiScene.streamed("one two")
                : OpenAiScene.whole("one two"));
        OpenAIClient client = scene.client(builder -> builder.retries(0));
        // The first calls load classes and start what is there for good.
        run(client, CALLS / 10);
        long threads = threads();
        long files = openFiles();
        long heap = heapInUse();
        long direct = directMemory();
        run(client, CALLS);
        assertThat(awaitAtMost(threads + 10, ManyCallsTest::threads))
                .as("threads, seed %d", SEED)
                .isLessThanOrEqualTo(threads + 10);
        // Each connection has two ends in this process; idle ones wait for the next calls.
        long most = files + 2L * 2 * AT_ONCE + 40;
        assertThat(awaitAtMost(most, ManyCallsTest::openFiles))
                .as("open files, seed %d", SEED)
                .isLessThanOrEqualTo(most);
        assertThat(directMemory()).as("direct buffers, seed %d", SEED).isLessThanOrEqualTo(direct + MOST_GROWTH);
        assertThat(awaitAtMost(heap + MOST_GROWTH, this::heapInUse))
                .as("heap, seed %d", SEED)
                .isLessThanOrEqualTo(heap + MOST_GROWTH);
    }

    /** Of what is reachable, without what the scripted upstreams have kept. */
    private long heapInUse() {
        scene.primary.forgetRequests();
        scene.backup.forgetRequests();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static void run(OpenAIClient client, int calls) throws Exception {
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                Callable<Void> caller = () -> {
                    for (int call = next.getAndIncrement(); call < calls; call = next.getAndIncrement()) {
                        one(client, call);
                    }
                    return null;
                };
                all.add(callers.submit(caller));
            }
            for (Future<?> caller : all) {
                caller.get(5, TimeUnit.MINUTES);
            }
        }
    }

    private static void one(OpenAIClient client, int call) {
        ChatCompletionCreateParams params = request().build();
        if (call % 10 == 9) {
            // A caller that leaves early.
            try (StreamResponse<ChatCompletionChunk> stream =
                    client.chat().completions().createStreaming(params)) {
                assertThat(stream.stream().findFirst()).isPresent();
            }
            return;
        }
        Mode mode = Mode.values()[call % Mode.values().length];
        assertThat(mode.text(client, params)).isIn("one two", "one one two");
    }

    private static long threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    private static long awaitAtMost(long most, java.util.function.LongSupplier count) throws InterruptedException {
        for (int i = 0; i < 300 && count.getAsLong() > most; i++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return count.getAsLong();
    }
}
