package dev.understudy.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/life-of-a-request.md} true: its classes exist, and each uses or is used by its neighbours. */
class LifeOfARequestTest {
    private static final Path PAGE = Path.of("..", "docs", "life-of-a-request.md");

    private static final Pattern STEP = Pattern.compile("(?m)^(\\d+)\\. `(\\w+)`");
    private static final Pattern CODE = Pattern.compile("`([A-Z]\\w+(?:\\.[A-Z]\\w+)*)`");

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .importPackages(
                    "dev.understudy.engine",
                    "dev.understudy.protocol",
                    "dev.understudy.calls",
                    "dev.understudy.gateway");

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    private static List<String> steps() throws IOException {
        return STEP.matcher(page()).results().map(step -> step.group(2)).toList();
    }

    /** The class of that name outside of the other modules' tests; with its outer class if it is nested. */
    private static JavaClass classOf(String name) {
        List<JavaClass> found = PRODUCT.stream()
                .filter(each -> each.getName().replace('$', '.').endsWith("." + name))
                .filter(each -> name.contains(".") || each.isTopLevelClass())
                .toList();
        assertThat(found).as("classes called %s", name).hasSize(1);
        return found.getFirst();
    }

    @Test
    void stepsAreNumberedInOrder() throws IOException {
        List<Integer> numbers = STEP.matcher(page())
                .results()
                .map(step -> Integer.parseInt(step.group(1)))
                .toList();
        assertThat(numbers).hasSizeGreaterThan(30);
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo(i + 1);
        }
    }

    @Test
    void everyClassThatIsNamedExists() throws IOException {
        CODE.matcher(page())
                .results()
                .map((MatchResult code) -> code.group(1))
                .filter(name -> !name.equals(LifeOfARequestTest.class.getSimpleName()))
                .distinct()
                .forEach(LifeOfARequestTest::classOf);
    }

    @Test
    void eachStepUsesOrIsUsedByTheNext() throws IOException {
        List<String> steps = steps();
        List<String> strangers = new ArrayList<>();
        for (int i = 1; i < steps.size(); i++) {
            JavaClass one = classOf(steps.get(i - 1));
            JavaClass next = classOf(steps.get(i));
            if (!uses(one, next) && !uses(next, one)) {
                strangers.add(i + ". " + one.getSimpleName() + " and " + next.getSimpleName());
            }
        }
        assertThat(strangers).as("neighbours that do not know each other").isEmpty();
    }

    /** With the nested classes of both. */
    private static boolean uses(JavaClass one, JavaClass other) {
        return withNested(one)
                .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                .map(Dependency::getTargetClass)
                .anyMatch(target -> isOrIsNestedIn(target, other));
    }

    private static Stream<JavaClass> withNested(JavaClass outer) {
        return PRODUCT.stream().filter(each -> isOrIsNestedIn(each, outer));
    }

    private static boolean isOrIsNestedIn(JavaClass each, JavaClass outer) {
        return each.equals(outer) || each.getName().startsWith(outer.getName() + "$");
    }
}
