package dev.understudy.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The glossary has one word for one thing: the words that it has replaced do not come back, in names, comments, messages
 * or documents. {@code private-words.txt} lists them and describes its own format.
 */
class WordListTest {
    private static final Path ROOT = root();
    private static final String LIST = "architecture/src/test/resources/private-words.txt";
    private static final String GLOSSARY = "docs/glossary.md";

    private static final Set<String> GENERATED = Set.of("target", "node_modules", ".venv", ".git");
    private static final Pattern DOCUMENT = Pattern.compile(".*\\.(md|yaml|yml|txt)");
    private static final Pattern JAVA = Pattern.compile(".*\\.java");

    /** Two words in prose may be separated by a line break and the mark of a comment. */
    private static final String BETWEEN_WORDS = "(?:\\\\s|\\\\*|//|#)+";

    private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    /**
     * One line of the list.
     *
     * @param exceptions files in which the word may be
     */
    private record Word(int line, List<String> scopes, Pattern pattern, String instead, List<PathMatcher> exceptions) {

        private boolean concerns(SourceFile file) {
            return scopes.stream().anyMatch(scope -> switch (scope) {
                        case "docs" -> file.isDocument();
                        case "code" -> file.isJava();
                        default -> file.path().startsWith(scope);
                    })
                    && exceptions.stream().noneMatch(exception -> exception.matches(Path.of(file.path())));
        }
    }

    /**
     * A file of the tree.
     *
     * @param path relative to the root, with slashes
     * @param identifiersSplit the text with a blank at each border between two words of an identifier
     */
    private record SourceFile(String path, String text, String identifiersSplit) {

        private boolean isDocument() {
            return DOCUMENT.matcher(path).matches();
        }

        private boolean isJava() {
            return JAVA.matcher(path).matches();
        }

        private TreeSet<Integer> linesWith(Pattern pattern) {
            TreeSet<Integer> lines = new TreeSet<>();
            for (String form : List.of(text, identifiersSplit)) {
                Matcher found = pattern.matcher(form);
                while (found.find()) {
                    lines.add(1
                            + (int) form.substring(0, found.start())
                                    .chars()
                                    .filter(c -> c == '\n')
                                    .count());
                }
            }
            return lines;
        }
    }

    @Test
    void replacedWordsDoNotComeBack() throws IOException {
        List<Word> words = words();
        List<SourceFile> files = files();
        List<String> found = new ArrayList<>();
        for (SourceFile file : files) {
            for (Word word : words) {
                if (word.concerns(file)) {
                    for (int line : file.linesWith(word.pattern())) {
                        found.add(file.path() + ":" + line + ": write \"" + word.instead() + "\" (" + LIST + ":"
                                + word.line() + ")");
                    }
                }
            }
        }
        assertThat(files).as("files that were read").hasSizeGreaterThan(300);
        if (!found.isEmpty()) {
            fail(found.size() + " private words:\n" + String.join("\n", found));
        }
    }

    /** A comment mark or a line break between two words, and an identifier, hide nothing. */
    @Test
    void wordsAreFoundInProseAndInIdentifiers() {
        Pattern pattern = pattern("\\bpass(es|ed)? over\\b");

        assertThat(file("a", "// it is passed\n     * over here").linesWith(pattern))
                .containsExactly(1);
        assertThat(file("a", "one\nboolean passedOver;").linesWith(pattern)).containsExactly(2);
        assertThat(file("a", "\"passed_over\"").linesWith(pattern)).isEmpty();
        assertThat(file("a", "Passed over").linesWith(pattern("(?-i)\\bpassed over\\b")))
                .isEmpty();
    }

    @Test
    void classesOfTheGlossaryExist() throws IOException {
        Set<String> classes = new TreeSet<>();
        for (SourceFile file : files()) {
            if (file.isJava()) {
                classes.add(file.path().replaceAll(".*/|\\.java$", ""));
            }
        }
        List<String> missing = new ArrayList<>();
        for (String row : Files.readAllLines(ROOT.resolve(GLOSSARY))) {
            String[] columns = row.split("\\|", -1);
            if (columns.length == 5) {
                Matcher name = Pattern.compile("`([A-Z]\\w+)(?:\\.\\w+)?`").matcher(columns[3]);
                while (name.find()) {
                    if (!classes.contains(name.group(1))) {
                        missing.add(name.group(1));
                    }
                }
            }
        }
        assertThat(missing)
                .as("classes that the glossary names and the code lacks")
                .isEmpty();
    }

    private static List<Word> words() throws IOException {
        List<Word> words = new ArrayList<>();
        List<String> lines = Files.readAllLines(ROOT.resolve(LIST));
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("    except ")) {
                String glob = line.strip().replaceFirst("^except (\\S+): \\S.*$", "$1");
                assertThat(glob).as("%s:%d: except GLOB: REASON", LIST, i + 1).doesNotContain(" ");
                words.getLast().exceptions().add(FileSystems.getDefault().getPathMatcher("glob:" + glob));
                continue;
            }
            String[] columns = line.split(" {2,}", -1);
            assertThat(columns)
                    .as("%s:%d: SCOPE  PATTERN  WHAT TO WRITE INSTEAD", LIST, i + 1)
                    .hasSize(3);
            words.add(new Word(
                    i + 1, List.of(columns[0].split(",")), pattern(columns[1]), columns[2], new ArrayList<>()));
        }
        return words;
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(text.replaceAll(" ", BETWEEN_WORDS), Pattern.CASE_INSENSITIVE);
    }

    private static SourceFile file(String path, String text) {
        return new SourceFile(path, text, HUMP.matcher(text).replaceAll(" "));
    }

    private static List<SourceFile> files() throws IOException {
        List<SourceFile> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return GENERATED.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                String name = ROOT.relativize(path).toString().replace('\\', '/');
                boolean isRead =
                        DOCUMENT.matcher(name).matches() || JAVA.matcher(name).matches();
                if (attributes.isRegularFile() && isRead && !name.equals(LIST)) {
                    files.add(file(name, read(path)));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + path, failed);
        }
    }

    /** The tests run in their module's folder, or in the root. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("mvnw")) ? here : here.getParent();
    }
}
