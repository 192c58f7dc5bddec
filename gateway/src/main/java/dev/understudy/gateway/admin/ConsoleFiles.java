package dev.understudy.gateway.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The files of the console: those below {@value #FOLDER} on the class path. They are listed and read once, and only names of the list
 * are served, so that no path leads anywhere else.
 */
public final class ConsoleFiles {
    static final String FOLDER = "dev/understudy/console/";

    private static final String INDEX = "index.html";
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("webmanifest", "application/manifest+json"));

    private final Map<String, ConsoleFile> files;

    /**
     * One file.
     *
     * @param type the content type
     * @param tag identifies its content
     */
    @SuppressWarnings("ArrayRecordComponent") // Passed on and never compared.
    public record ConsoleFile(String type, String tag, byte[] content) {}

    private ConsoleFiles(Map<String, ConsoleFile> files) {
        this.files = Map.copyOf(files);
    }

    /** All files; none if the console is not on the class path. Blocks while they are read. */
    public static ConsoleFiles read() {
        return read(ConsoleFiles.class.getClassLoader(), FOLDER);
    }

    static ConsoleFiles read(ClassLoader loader, String folder) {
        Map<String, ConsoleFile> files = new HashMap<>();
        try {
            for (URL root : Collections.list(loader.getResources(folder))) {
                for (String name : names(root, folder)) {
                    type(name).ifPresent(type -> files.putIfAbsent(name, file(loader, folder + name, type)));
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("the files of the console cannot be read", failed);
        }
        return new ConsoleFiles(files);
    }

    private static List<String> names(URL root, String folder) throws IOException {
        if (root.openConnection() instanceof JarURLConnection connection) {
            connection.setUseCaches(false);
            try (JarFile jar = connection.getJarFile()) {
                return jar.stream()
                        .filter(entry -> !entry.isDirectory())
                        .map(JarEntry::getName)
                        .filter(name -> name.startsWith(folder))
                        .map(name -> name.substring(folder.length()))
                        .toList();
            }
        }
        Path top = Path.of(uri(root));
        try (Stream<Path> below = Files.walk(top)) {
            return below.filter(Files::isRegularFile)
                    .map(file -> top.relativize(file).toString().replace('\\', '/'))
                    .toList();
        }
    }

    private static URI uri(URL url) throws IOException {
        try {
            return url.toURI();
        } catch (URISyntaxException broken) {
            throw new IOException("not an address: " + url, broken);
        }
    }

    /** Files of other types, such as classes, are not the console's. */
    private static Optional<String> type(String name) {
        String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Optional.ofNullable(TYPES.get(end));
    }

    private static ConsoleFile file(ClassLoader loader, String path, String type) {
        try (InputStream in = loader.getResourceAsStream(path)) {
            if (in == null) {
                throw new IOException("it is gone");
            }
            byte[] content = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return new ConsoleFile(type, "\"" + HexFormat.of().formatHex(digest, 0, 12) + "\"", content);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + path, failed);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /**
     * The file at a path.
     *
     * @param path below {@code /console/}, as it came
     */
    public Optional<ConsoleFile> at(String path) {
        return Optional.ofNullable(files.get(path.isEmpty() ? INDEX : path));
    }
}
