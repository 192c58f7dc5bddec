package dev.understudy.simulator.world;

import java.util.PriorityQueue;

/** Virtual time: events in the order of their times, and in the order of insertion where the times are equal. */
public final class EventQueue {
    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long now;
    private long order;

    /** What happens at a time. */
    @FunctionalInterface
    public interface Event {
        void happen(long now);
    }

    private record Entry(long at, long order, Event event) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** Nanoseconds since the start. */
    public long now() {
        return now;
    }

    /** Puts an event at a time; one in the past happens next. */
    public void at(long time, Event event) {
        entries.add(new Entry(Math.max(now, time), order++, event));
    }

    /** Runs the next event; false if there is none. */
    public boolean step() {
        Entry next = entries.poll();
        if (next == null) {
            return false;
        }
        now = next.at();
        next.event().happen(now);
        return true;
    }

    /** Runs all events. */
    public void run() {
        while (step()) {
            // Each step may put further events into the queue.
        }
    }
}
