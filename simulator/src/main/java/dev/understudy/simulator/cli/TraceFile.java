package dev.understudy.simulator.cli;

import dev.understudy.simulator.run.Journal;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file to which every step is written, if {@code --trace} names one. */
final class TraceFile implements AutoCloseable {
    private final Optional<BufferedWriter> writer;

    private TraceFile(Optional<BufferedWriter> writer) {
        this.writer = writer;
    }

    static TraceFile to(Optional<Path> file) throws IOException {
        return new TraceFile(
                file.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Files.newBufferedWriter(file.get(), StandardCharsets.UTF_8)));
    }

    Journal journal(String chain) {
        return writer.<Journal>map(to -> Journal.lines(chain, line -> write(to, line)))
                .orElse(Journal.NONE);
    }

    private static void write(BufferedWriter to, String line) {
        try {
            to.write(line);
            to.write('\n');
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() throws IOException {
        if (writer.isPresent()) {
            writer.get().close();
        }
    }
}
