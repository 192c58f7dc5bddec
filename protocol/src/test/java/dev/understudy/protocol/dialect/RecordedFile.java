package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.corpus.CorpusFile;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.sse.SseEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One body or stream: an answer of the corpus, or a recorded one of {@code ../shared/recorded}, beside the project.
 *
 * @param name its folder and file, and which exchange of a cassette it is
 * @param lines the data of a stream's events; one line for a whole body
 */
record RecordedFile(String name, boolean stream, List<String> lines) {
    /** With what the names of the corpus begin. */
    static final String CORPUS = "corpus/";

    /** The folder; empty where the recordings are not at hand. */
    static Optional<Path> folder() {
        Path project = Path.of("").toAbsolutePath();
        while (project.getParent() != null && !Files.exists(project.resolve("mvnw"))) {
            project = project.getParent();
        }
        Path recorded = project.resolveSibling("shared").resolve("recorded");
        return Files.isDirectory(recorded) ? Optional.of(recorded) : Optional.empty();
    }

    /** Answers and streams of the corpus, and the recordings of every vendor where they are at hand. */
    static List<RecordedFile> all() {
        List<RecordedFile> files = new ArrayList<>(corpus());
        folder().map(RecordedFile::recorded).ifPresent(files::addAll);
        return files;
    }

    /** The answers and complete streams of the corpus, without its Completions, which are no dialect of {@link FuzzSeeds}. */
    static List<RecordedFile> corpus() {
        List<RecordedFile> files = new ArrayList<>();
        for (CorpusFile file : CorpusFile.all()) {
            String name = CORPUS + file.name();
            if (file.kind() == CorpusFile.Kind.ANSWER) {
                files.add(new RecordedFile(name, false, List.of(file.text())));
            } else if (file.kind() == CorpusFile.Kind.STREAM
                    && file.isGood()
                    && !file.dialect().equals("completions")) {
                files.add(new RecordedFile(name, true, lines(file)));
            }
        }
        return files;
    }

    private static List<String> lines(CorpusFile file) {
        if (file.name().endsWith(".hex")) {
            return file.frameComments().stream()
                    .map(comment -> comment.split(" ", 3))
                    .map(frame -> "{\"" + frame[1] + "\":" + frame[2] + "}")
                    .toList();
        }
        List<String> lines = new ArrayList<>();
        SseEvents.each(
                file.bytes(),
                0,
                file.bytes().length,
                event -> lines.add(
                        new String(event.data(), event.dataOffset(), event.dataLength(), UTF_8).replace('\n', ' ')));
        return filled(lines);
    }

    private static List<RecordedFile> recorded(Path folder) {
        List<RecordedFile> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
                String name = path.getParent().getFileName() + "/" + path.getFileName();
                if (name.endsWith(".json")) {
                    files.add(new RecordedFile(name, false, List.of(Files.readString(path))));
                } else if (name.endsWith(".chunks.txt")) {
                    files.addAll(streams(name, filled(Files.readAllLines(path))));
                } else if (name.endsWith(".yaml")) {
                    files.addAll(cassette(name, Files.readString(path)));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return files;
    }

    private static List<RecordedFile> cassette(String name, String yaml) {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(100_000_000).build();
        Map<?, ?> cassette = (Map<?, ?>) new Load(settings).loadFromString(yaml);
        List<RecordedFile> files = new ArrayList<>();
        for (Object exchange : (List<?>) Objects.requireNonNull(cassette.get("interactions"))) {
            Map<?, ?> response = (Map<?, ?>) ((Map<?, ?>) exchange).get("response");
            String body = (String) response.get("body");
            boolean stream = body.startsWith("data:");
            List<String> lines = stream
                    ? filled(body.lines()
                            .map(line -> line.replaceFirst("^data: ?", ""))
                            .toList())
                    : List.of(body);
            files.add(new RecordedFile(name + "#" + files.size(), stream, lines));
        }
        return files;
    }

    /** Some recordings are of several rounds, one behind the other. */
    private static List<RecordedFile> streams(String name, List<String> lines) {
        List<RecordedFile> streams = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < lines.size(); at++) {
            boolean ends = at + 1 == lines.size() || endsStream(lines.get(at));
            if (ends) {
                String round = streams.isEmpty() && at + 1 == lines.size() ? "" : "#" + streams.size();
                streams.add(new RecordedFile(name + round, true, lines.subList(from, at + 1)));
                from = at + 1;
            }
        }
        return streams;
    }

    private static boolean endsStream(String line) {
        return line.contains("{\"type\":\"message_stop\"") || line.contains("{\"type\":\"response.completed\"");
    }

    private static List<String> filled(List<String> lines) {
        return lines.stream().filter(line -> !line.isBlank()).toList();
    }

    /** Whose it is, by what only that dialect has; empty if it is an answer of none. */
    Optional<FuzzSeeds> vendor() {
        JsonNode first = JsonTrees.of(lines.getFirst());
        String type = first.path("type").asText();
        String object = first.path("object").asText();
        if (first.hasNonNull("error") || object.equals("text_completion")) {
            return Optional.empty();
        } else if (first.has("choices")) {
            return Optional.of(FuzzSeeds.CHAT);
        } else if (object.equals("response") || type.equals("response.created") || first.has("response")) {
            return Optional.of(FuzzSeeds.RESPONSES);
        } else if (type.equals("message") || type.equals("message_start")) {
            return Optional.of(FuzzSeeds.ANTHROPIC);
        } else if (first.has("candidates")) {
            return Optional.of(FuzzSeeds.GEMINI);
        } else if (first.path("output").has("message") || first.has("messageStart") || startsBlock(first)) {
            return Optional.of(FuzzSeeds.BEDROCK);
        }
        return Optional.empty();
    }

    /** Amazon's events of a recording that begins behind {@code messageStart}. */
    private static boolean startsBlock(JsonNode first) {
        return first.has("contentBlockStart") || first.has("contentBlockDelta");
    }

    /** A whole body. */
    byte[] body() {
        return lines.getFirst().getBytes(UTF_8);
    }

    /** The frames of a stream. */
    List<Streamed.Line> frames(Dialect dialect) {
        return lines.stream().map(json -> Streamed.Line.of(dialect, json)).toList();
    }
}
