package dev.understudy.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The attempts of one call, in the order in which they began. Attempts are numbered from 1. */
final class Attempts implements Iterable<Attempt> {
    private final List<Attempt> all = new ArrayList<>(2);

    void add(Attempt attempt) {
        all.add(attempt);
    }

    int size() {
        return all.size();
    }

    /**
     * The attempt with this number, if it is still running.
     *
     * @throws IllegalArgumentException if no attempt has this number
     */
    Optional<Attempt> running(int number) {
        if (number < 1 || number > all.size()) {
            throw new IllegalArgumentException("no attempt " + number + " was started");
        }
        Attempt attempt = all.get(number - 1);
        return attempt.isRunning() ? Optional.of(attempt) : Optional.empty();
    }

    /** The attempts that are in flight; one, or two with a hedge. */
    List<Attempt> running() {
        return all.stream().filter(Attempt::isRunning).toList();
    }

    /** How many attempts are in flight. */
    int inFlight() {
        int running = 0;
        for (Attempt attempt : all) {
            if (attempt.isRunning()) {
                running++;
            }
        }
        return running;
    }

    /** Whether this call has sent a request to this target before. */
    boolean tried(Step step) {
        return all.stream().anyMatch(attempt -> attempt.step.id() == step.id());
    }

    /** The attempts in reverse order. */
    List<Attempt> newestFirst() {
        return all.reversed();
    }

    /** All attempts as they are now: the call may start others while it walks over them. */
    List<Attempt> copy() {
        return List.copyOf(all);
    }

    @Override
    public Iterator<Attempt> iterator() {
        return all.iterator();
    }
}
