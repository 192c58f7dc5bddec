package dev.understudy.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every public type of the library has Javadoc. That it is valid, and that its links resolve, is checked by the compiler. */
class JavadocTest {
    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "\\s*public\\s+(?:(?:static|final|abstract|sealed|non-sealed)\\s+)*(?:class|interface|record|enum|@interface)\\s.*");

    @ParameterizedTest
    @ValueSource(strings = {"engine", "protocol", "calls", "client", "junit", "langchain4j", "spring", "rehearsal"})
    void everyPublicTypeHasOne(String module) throws IOException {
        List<String> without = new ArrayList<>();
        int types = 0;
        try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    if (PUBLIC_TYPE.matcher(lines.get(i)).matches()) {
                        types++;
                        if (!hasJavadoc(lines, i)) {
                            without.add(file + ":" + (i + 1));
                        }
                    }
                }
            }
        }
        assertThat(types).isPositive();
        assertThat(without).isEmpty();
    }

    /** Between the comment and the type there may be annotations, which may take several lines. */
    private static boolean hasJavadoc(List<String> lines, int type) {
        for (int i = type - 1; i >= 0; i--) {
            String line = lines.get(i).strip();
            if (line.endsWith("*/")) {
                return true;
            } else if (line.isEmpty() || line.endsWith(";") || line.endsWith("{")) {
                return false;
            }
        }
        return false;
    }
}
