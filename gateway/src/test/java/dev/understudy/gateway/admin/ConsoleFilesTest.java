package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console's files are found in folders and in jars, and nothing else is. */
class ConsoleFilesTest {
    private static final String[] ENTRIES = {
        "dev/",
        "dev/console/",
        "dev/console/index.html",
        "dev/console/js/",
        "dev/console/js/app.js",
        "dev/console/A.class",
        "dev/other.html"
    };

    @TempDir
    private Path folder;

    @Test
    void filesOfAJarAreListed() throws Exception {
        Path jar = folder.resolve("console.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (String entry : ENTRIES) {
                out.putNextEntry(new JarEntry(entry));
                if (!entry.endsWith("/")) {
                    out.write(entry.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        check(jar);
    }

    @Test
    void filesOfAFolderAreListed() throws Exception {
        for (String entry : ENTRIES) {
            Path path = folder.resolve(entry);
            if (entry.endsWith("/")) {
                Files.createDirectories(path);
            } else {
                Files.writeString(path, entry);
            }
        }
        check(folder);
    }

    private static void check(Path place) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {place.toUri().toURL()}, null)) {
            ConsoleFiles files = ConsoleFiles.read(loader, "dev/console/");

            assertThat(files.at("")).isPresent();
            assertThat(files.at("index.html").orElseThrow().content())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("dev/console/index.html");
            assertThat(files.at("js/app.js").orElseThrow().type()).startsWith("text/javascript");
            assertThat(files.at("js/app.js").orElseThrow().tag())
                    .isNotEqualTo(files.at("").orElseThrow().tag());
            for (String other : new String[] {"A.class", "js/", "js", "../other.html", "/index.html", "app.js"}) {
                assertThat(files.at(other)).as(other).isEmpty();
            }
        }
    }
}
