package dev.understudy.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The console is static files over the admin API: it depends on nothing, only the gateway serves it, and its policy holds. */
class ConsoleModuleTest {
    private static final Path ROOT = root();
    private static final Path FILES = ROOT.resolve("console/src/main/resources/dev/understudy/console");
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);

    @Test
    void itDependsOnNothingAndHasNoClasses() throws IOException {
        List<String> dependencies = DEPENDENCY
                .matcher(Files.readString(ROOT.resolve("console/pom.xml")))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(dependencies).isNotEmpty().allMatch(dependency -> dependency.contains("<scope>test</scope>"));
        assertThat(ROOT.resolve("console/src/main/java")).doesNotExist();
    }

    @Test
    void onlyTheGatewayDependsOnIt() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            List<Path> poms = folders.map(folder -> folder.resolve("pom.xml"))
                    .filter(Files::isRegularFile)
                    .filter(pom -> !List.of("gateway", "bom", "console").contains(folderOf(pom)))
                    .toList();
            assertThat(poms).hasSizeGreaterThan(8);
            for (Path pom : poms) {
                assertThat(Files.readString(pom))
                        .as("%s", pom)
                        .doesNotContain("<artifactId>understudy-console</artifactId>");
            }
        }
    }

    /** The content security policy forbids inline scripts and styles, and markup that is made of texts is a hole in any page. */
    @Test
    void itHasNoInlineScriptOrStyleAndMakesNoMarkupOfTexts() throws IOException {
        String page = Files.readString(FILES.resolve("index.html"));
        assertThat(page).doesNotContainPattern("(?i)<style|\\sstyle=|\\son[a-z]+=|<script(?![^>]*\\ssrc=)|https?://");
        try (Stream<Path> scripts = Files.list(FILES.resolve("js"))) {
            List<Path> all = scripts.toList();
            assertThat(all).hasSizeGreaterThan(10);
            for (Path script : all) {
                assertThat(Files.readString(script))
                        .as("%s", script)
                        .doesNotContainPattern(
                                "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|\\.style\\b")
                        .doesNotContainPattern("setAttribute\\(\"(style|on)");
            }
        }
    }

    private static String folderOf(Path pom) {
        return pom.getParent().getFileName().toString();
    }

    /** The tests run in their module's folder, or in the root. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("mvnw")) ? here : here.getParent();
    }
}
