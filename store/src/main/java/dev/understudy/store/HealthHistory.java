package dev.understudy.store;

import java.time.Instant;
import java.util.List;

/** The changes of targets' health. They are kept as long as records of calls. */
public interface HealthHistory {
    /** The most changes that are added, or found, at once. */
    int MOST = 5_000;

    /**
     * Adds changes, and waits until they are written.
     *
     * @throws StoreUnavailable if that failed; they may have been written all the same
     */
    void add(List<HealthChange> changes) throws StoreUnavailable;

    /**
     * The changes since a time, oldest first, and before them the last change of each target before that time. If there are more than
     * {@value #MOST} since then, the newest of them.
     */
    List<HealthChange> since(Instant time) throws StoreUnavailable;
}
