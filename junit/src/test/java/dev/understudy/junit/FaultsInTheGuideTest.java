package dev.understudy.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.rehearsal.Act;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of faults in docs/guide/testing.md has all of them. */
class FaultsInTheGuideTest {
    private static final Path PAGE = Path.of("..", "docs", "guide", "testing.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`\\w+\\(.*?) \\| (`.*?) \\| ");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(PAGE)).results().toList();
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(code -> code.group(1)).toList();
    }

    @Test
    void everyMethodIsInTheTable() throws IOException {
        List<String> listed = rows().stream()
                .flatMap(row -> codes(row.group(1)).stream())
                .map(call -> call.substring(0, call.indexOf('(')))
                .distinct()
                .toList();
        List<String> offered = Arrays.stream(Rehearsal.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getReturnType().equals(String.class))
                .map(Method::getName)
                .filter(name -> !name.equals("baseUrl"))
                .distinct()
                .toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(offered);
    }

    @Test
    void everyNameIsOneOfTheProvider() throws IOException {
        List<String> acts = Arrays.stream(Act.values()).map(Act::id).toList();
        assertThat(rows()).hasSizeGreaterThan(10).allSatisfy(row -> {
            List<String> names = codes(row.group(2));
            assertThat(names).hasSameSizeAs(codes(row.group(1)));
            assertThat(names).allSatisfy(name -> assertThat(acts).contains(name.split("\\?")[0]));
        });
    }
}
