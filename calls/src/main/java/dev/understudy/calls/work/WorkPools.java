package dev.understudy.calls.work;

/**
 * The pools that all event loops share.
 *
 * @param requests large requests that are read, planned and passed through
 * @param translations large requests that are written in another dialect
 * @param answers large answers that are read, and written in another dialect
 * @param checks answers that are checked
 * @param decompression request bodies that are decompressed
 */
public record WorkPools(
        WorkPool requests, WorkPool translations, WorkPool answers, WorkPool checks, WorkPool decompression) {
    /** {@code server.body-memory} limits what can wait; a burst of large requests is no reason to refuse any of them. */
    private static final int WAITING_REQUESTS = 100_000;

    /** At a second each, the last one that is accepted begins within a minute or two. */
    private static final int WAITING_TRANSLATIONS = 128;

    /** {@code server.answer-memory} limits what can wait. */
    private static final int WAITING_ANSWERS = 100_000;

    private static final int WAITING_CHECKS = 64;

    private static final int WAITING_BODIES = 128;

    /** Pools for this machine's processors and heap. */
    public static WorkPools ofThisMachine() {
        Runtime machine = Runtime.getRuntime();
        int processors = machine.availableProcessors();
        long quarter = machine.maxMemory() / 4;
        return new WorkPools(
                new WorkPool("large-request", processors, WAITING_REQUESTS, quarter),
                new WorkPool("translation", processors, WAITING_TRANSLATIONS, quarter),
                new WorkPool("large-answer", processors, WAITING_ANSWERS, quarter),
                new WorkPool("answer-check", Math.max(1, processors / 2), WAITING_CHECKS, quarter),
                new WorkPool("decompression", processors, WAITING_BODIES, quarter));
    }

    /** Ends what runs. */
    public void close() {
        requests.close();
        translations.close();
        answers.close();
        checks.close();
        decompression.close();
    }
}
