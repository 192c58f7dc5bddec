import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a recording of the flight recorder says that processor time and memory went: {@code java HotSpots.java FILE}.
 *
 * <p>Processor time is taken from {@code jdk.CPUTimeSample} (Java 25, Linux; native code counts too), or from
 * {@code jdk.ExecutionSample} where the recording has none (Java code only). README.md says how to record.
 */
public final class HotSpots {
    private static final int ROWS = 40;
    private static final int SITE_FRAMES = 4;
    private static final String OURS = "dev.understudy.";

    private final Tally self = new Tally();
    private final Tally inclusive = new Tally();
    private final Tally ourFrames = new Tally();
    private final Tally ourCalls = new Tally();
    private final Tally kinds = new Tally();
    private final Tally threads = new Tally();
    private final Tally allocatedClasses = new Tally();
    private final Tally allocationSites = new Tally();
    private final Set<Long> allocating = new HashSet<>();
    private long lost;

    /** Weights by name. */
    private static final class Tally {
        private final Map<String, Double> weights = new HashMap<>();

        void add(String name, double weight) {
            weights.merge(name, weight, Double::sum);
        }

        double total() {
            return weights.values().stream().mapToDouble(Double::doubleValue).sum();
        }

        void print(String title, double whole) {
            System.out.println("\n" + title);
            weights.entrySet().stream()
                    .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                    .limit(ROWS)
                    .forEach(entry -> System.out.printf(
                            Locale.ROOT, "%6.2f%%  %s%n", 100 * entry.getValue() / whole, entry.getKey()));
        }
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("usage: java HotSpots.java RECORDING.jfr");
            System.exit(2);
        }
        Path recording = Path.of(args[0]);
        HotSpots spots = new HotSpots();
        String samples = has(recording, "jdk.CPUTimeSample") ? "jdk.CPUTimeSample" : "jdk.ExecutionSample";
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                spots.take(file.readEvent(), samples);
            }
        }
        spots.print(samples);
    }

    private static boolean has(Path recording, String type) throws IOException {
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                if (file.readEvent().getEventType().getName().equals(type)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void take(RecordedEvent event, String samples) {
        String type = event.getEventType().getName();
        if (type.equals(samples)) {
            sample(event);
        } else if (type.equals("jdk.ObjectAllocationSample")) {
            allocation(event);
        } else if (type.equals("jdk.CPUTimeSamplesLost")) {
            lost += event.getLong("lostSamples");
        }
    }

    private void sample(RecordedEvent event) {
        String thread = event.hasField("eventThread") ? "eventThread" : "sampledThread";
        threads.add(
                event.getThread(thread) == null ? "?" : event.getThread(thread).getJavaName() + "", 1);
        List<RecordedFrame> frames = frames(event);
        if (frames.isEmpty()) {
            self.add("(no Java stack)", 1);
            return;
        }
        self.add(name(frames.getFirst()), 1);
        kinds.add(frames.getFirst().getType(), 1);
        Set<String> seen = new HashSet<>();
        for (RecordedFrame frame : frames) {
            if (name(frame).startsWith(OURS) && seen.add(name(frame))) {
                inclusive.add(name(frame), 1);
            }
        }
        ourFrames.add(innermostOurs(frames), 1);
        ourCalls.add(ourCall(frames), 1);
    }

    private void allocation(RecordedEvent event) {
        // A sample stands for all that its thread allocated since the one before: the first, since the thread began.
        if (!allocating.add(event.getThread("eventThread").getId())) {
            allocationSample(event);
        }
    }

    private void allocationSample(RecordedEvent event) {
        double weight = event.getLong("weight");
        RecordedClass type = event.getClass("objectClass");
        allocatedClasses.add(type.getName(), weight);
        List<String> site = frames(event).stream()
                .limit(SITE_FRAMES)
                .map(HotSpots::shortName)
                .toList();
        allocationSites.add(
                type.getName() + "  at  " + String.join(" < ", site) + "  for  " + innermostOurs(frames(event)),
                weight);
    }

    private static List<RecordedFrame> frames(RecordedEvent event) {
        return event.getStackTrace() == null
                ? List.of()
                : event.getStackTrace().getFrames();
    }

    private static String innermostOurs(Collection<RecordedFrame> frames) {
        return frames.stream()
                .map(HotSpots::name)
                .filter(name -> name.startsWith(OURS))
                .findFirst()
                .orElse("(libraries alone)");
    }

    /** The innermost frame of ours with the library's method that it called. */
    private static String ourCall(List<RecordedFrame> frames) {
        for (int at = 0; at < frames.size(); at++) {
            if (name(frames.get(at)).startsWith(OURS)) {
                return shortName(frames.get(at)) + (at == 0 ? " itself" : " > " + name(frames.get(at - 1)));
            }
        }
        return "(libraries alone)";
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static String shortName(RecordedFrame frame) {
        String type = frame.getMethod().getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethod().getName();
    }

    private void print(String samples) {
        double whole = threads.total();
        System.out.printf(Locale.ROOT, "%.0f samples (%s), %d lost%n", whole, samples, lost);
        threads.print("By thread", whole);
        kinds.print("By how the frame at the top was run (interpreted: not warm yet)", whole);
        self.print("By the frame at the top (self time)", whole);
        ourFrames.print("By the innermost frame of ours (self time and what it calls in libraries)", whole);
        ourCalls.print("By the innermost frame of ours and what it calls", whole);
        inclusive.print("By any frame of ours (self time and all that it calls)", whole);
        double bytes = allocatedClasses.total();
        System.out.printf(Locale.ROOT, "%n%.0f MB allocated%n", bytes / 1e6);
        allocatedClasses.print("Allocated, by class", bytes);
        allocationSites.print("Allocated, by site", bytes);
    }
}
