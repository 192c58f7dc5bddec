package dev.understudy.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/guide} true: its code is copied from {@code examples/}, which CI compiles and runs, and its links and artifacts
 * exist. A snippet may be a part of a file; only its indentation may differ.
 */
class GuideTest {
    private static final Path ROOT = Path.of("..");
    private static final Path GUIDE = ROOT.resolve("docs/guide");

    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final Pattern ARTIFACT = Pattern.compile("understudy-[a-z0-9-]+");

    private static final Map<String, String> SOURCES = Map.of("java", ".java", "kotlin", ".kt", "yaml", ".yaml");

    private record Snippet(Path page, String language, String code) {}

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(GUIDE)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Snippet> snippets() throws IOException {
        List<Snippet> found = new ArrayList<>();
        for (Path page : pages()) {
            found.addAll(snippets(page));
        }
        return found;
    }

    private static List<Snippet> snippets(Path page) throws IOException {
        List<Snippet> found = new ArrayList<>();
        Matcher fence = FENCE.matcher(Files.readString(page));
        while (fence.find()) {
            found.add(new Snippet(page, fence.group(1), fence.group(2)));
        }
        return found;
    }

    /** The files of the examples without indentation, so that a snippet of a method's middle is found. */
    private static List<String> examples(String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .filter(file -> !file.toString().contains("/target/"))
                    .map(GuideTest::flattened)
                    .toList();
        }
    }

    private static String flattened(Path file) {
        try {
            return flattened(Files.readString(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String flattened(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n", "\n", "\n"));
    }

    @Test
    void snippetsAreCopiedFromTheExamples() throws IOException {
        List<Snippet> copied = new ArrayList<>(snippets());
        copied.removeIf(snippet -> !SOURCES.containsKey(snippet.language()));
        assertThat(copied).hasSizeGreaterThan(30);
        // The rest of README is about the gateway.
        snippets(ROOT.resolve("README.md")).stream()
                .filter(snippet -> snippet.language().equals("java"))
                .forEach(copied::add);
        for (Snippet snippet : copied) {
            assertThat(examples(SOURCES.get(snippet.language())))
                    .as(
                            "the %s of %s is in no file of examples/:%n%s",
                            snippet.language(), snippet.page(), snippet.code())
                    .anyMatch(file -> file.contains(flattened(snippet.code())));
        }
    }

    @Test
    void everySnippetHasALanguage() throws IOException {
        assertThat(snippets())
                .allSatisfy(snippet -> assertThat(snippet.language())
                        .as("the snippet in %s: %s", snippet.page(), snippet.code())
                        .isIn("java", "kotlin", "yaml", "python", "xml"));
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                assertThat(GUIDE.resolve(link.group(1)))
                        .as("a link of %s", page)
                        .exists();
            }
        }
    }

    @Test
    void everyArtifactIsBuiltHere() throws IOException {
        List<String> built = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path pom : modules.map(module -> module.resolve("pom.xml"))
                    .filter(Files::exists)
                    .toList()) {
                Matcher artifact = Pattern.compile("<artifactId>(understudy-[a-z0-9-]+)</artifactId>")
                        .matcher(Files.readString(pom));
                artifact.results().forEach(match -> built.add(match.group(1)));
            }
        }
        for (Path page : pages()) {
            Matcher named = ARTIFACT.matcher(Files.readString(page).replaceAll("(?s)```python.*?```", ""));
            while (named.find()) {
                assertThat(built).as("an artifact in %s", page).contains(named.group());
            }
        }
    }
}
