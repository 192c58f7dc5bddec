package dev.understudy.protocol.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One file of {@code src/test/resources/corpus}, with what its index says must be read from it. The README in that folder
 * describes the format.
 *
 * @param name folder and file below {@code corpus}
 * @param dialect {@code chat}, {@code responses}, {@code anthropic}, {@code gemini}, {@code bedrock} or {@code completions}
 * @param bytes as on the wire
 * @param expected the entry of the index
 */
public record CorpusFile(String name, Kind kind, String dialect, byte[] bytes, JsonNode expected) {

    /** What a file holds. */
    public enum Kind {
        /** The body of a successful response. */
        ANSWER,
        /** The body of a streamed response, complete or not. */
        STREAM,
        /** The body of a response that is an error. */
        ERROR,
        /** The body of a request. */
        REQUEST
    }

    /** Everything that the index lists, in its order. */
    public static List<CorpusFile> all() {
        Path folder = folder();
        List<CorpusFile> files = new ArrayList<>();
        for (JsonNode entry : JsonTrees.of(text(folder.resolve("index.json")))) {
            String name = entry.path("file").asText();
            files.add(new CorpusFile(
                    name,
                    Kind.valueOf(entry.path("kind").asText().toUpperCase(Locale.ROOT)),
                    entry.path("dialect").asText(),
                    wire(folder.resolve(name)),
                    entry));
        }
        return files;
    }

    public static List<CorpusFile> all(Kind kind) {
        return all().stream().filter(file -> file.kind == kind).toList();
    }

    /** The names of all files that are there, whether they are listed or not. */
    public static List<String> names() {
        Path folder = folder();
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.contains("/"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Whether it is a complete stream or a good answer: one that the index says no failure of. */
    public boolean isGood() {
        return !expected.has("failure");
    }

    /** The body as text; not for Amazon's binary frames. */
    public String text() {
        return new String(bytes, UTF_8);
    }

    /** The comment lines of a {@code .hex} file: kind, name and data of each frame. */
    public List<String> frameComments() {
        return text(folder().resolve(name))
                .lines()
                .filter(line -> line.startsWith("# "))
                .map(line -> line.substring(2))
                .toList();
    }

    /** Where each event of a stream ends, in bytes: the blank line behind it, or the end of the frame. */
    public List<Integer> eventEnds() {
        List<Integer> ends = new ArrayList<>();
        if (name.endsWith(".hex")) {
            ByteBuffer frames = ByteBuffer.wrap(bytes);
            for (int at = 0; at + Integer.BYTES <= bytes.length; ) {
                at += frames.getInt(at);
                if (at <= bytes.length) {
                    ends.add(at);
                }
            }
        } else {
            for (int at = 1; at < bytes.length; at++) {
                boolean blankLine = bytes[at] == '\n'
                        && (bytes[at - 1] == '\n' || (at > 1 && bytes[at - 1] == '\r' && bytes[at - 2] == '\n'));
                if (blankLine) {
                    ends.add(at + 1);
                }
            }
        }
        return ends;
    }

    private static Path folder() {
        try {
            return Path.of(CorpusFile.class.getResource("/corpus").toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] wire(Path file) {
        try {
            if (!file.toString().endsWith(".hex")) {
                return Files.readAllBytes(file);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        text(file)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(HexFormat.of()::parseHex)
                .forEach(frames::writeBytes);
        return frames.toByteArray();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
