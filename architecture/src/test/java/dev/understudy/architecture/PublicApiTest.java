package dev.understudy.architecture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What applications are compiled against changes only by additions. The public API of each artifact of the library is written down in a
 * file, one line for each member, which a change of the API changes too: a line that goes is a broken application.
 *
 * <p>The API is what the packages of an artifact make public, and the types of other modules that occur in it. Inherited members
 * are listed with the class that has them for its users, and what several artifacts have with {@code client}. {@code docs/decisions/0042-public-api-files.md} tells how a
 * file is written anew.
 */
class PublicApiTest {
    private static final Path FILES = Path.of("src", "test", "resources", "api");

    /** Public for other packages of ours, and with types of the engine that no application uses. */
    private static final Set<String> INTERNAL =
            Set.of("dev.understudy.client.chain.CallEvents", "dev.understudy.client.chain.CircuitChanges");

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.understudy");

    @ParameterizedTest
    @ValueSource(strings = {"client", "junit", "langchain4j", "spring"})
    void membersAreThoseOfTheFile(String artifact) throws IOException {
        Path file = FILES.resolve(artifact + ".txt");
        List<String> now = api(artifact);
        if (System.getProperty("understudy.api", "compare").equals("write")) {
            Files.createDirectories(FILES);
            Files.write(file, now, UTF_8);
        }
        List<String> before = Files.readAllLines(file, UTF_8);
        assertThat(before.stream().filter(line -> !now.contains(line)))
                .as("what applications may use, and is no longer there as it was")
                .isEmpty();
        assertThat(now.stream().filter(line -> !before.contains(line)))
                .as("what is new and not yet in %s", file)
                .isEmpty();
    }

    private static List<String> api(String artifact) {
        Set<String> ofClient =
                artifact.equals("client") ? Set.of() : types("client").keySet();
        List<String> lines = new ArrayList<>();
        types(artifact).forEach((name, type) -> {
            if (!ofClient.contains(name)) {
                lines.add(head(type));
                String simple = name.substring(name.lastIndexOf('.') + 1);
                members(type).forEach(member -> lines.add("  " + simple + ": " + member));
            }
        });
        return lines;
    }

    /** Those of an artifact's packages, and those of ours that occur in them, by their names. */
    private static TreeMap<String, JavaClass> types(String artifact) {
        TreeMap<String, JavaClass> all = new TreeMap<>();
        PRODUCT.stream()
                .filter(each -> isOf(artifact, each.getPackageName()) && isVisible(each))
                .filter(each -> !INTERNAL.contains(each.getName()))
                .flatMap(each -> Stream.concat(Stream.of(each), occurring(each).filter(PublicApiTest::isVisible)))
                .forEach(each -> all.put(each.getName(), each));
        return all;
    }

    /** The packages below are public because other packages of ours use them, not for applications. */
    private static boolean isOf(String artifact, String name) {
        String root = "dev.understudy." + artifact;
        boolean isInternal = Stream.of(".http", ".loop", ".sdk").anyMatch(part -> name.startsWith(root + part));
        return (name.equals(root) || name.startsWith(root + ".")) && !isInternal;
    }

    private static boolean isVisible(JavaClass type) {
        boolean isOurs = type.getName().startsWith("dev.understudy.") && !type.isArray();
        return isOurs
                && isVisible(type.getModifiers())
                && type.getEnclosingClass().map(PublicApiTest::isVisible).orElse(true);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
                && !modifiers.contains(JavaModifier.SYNTHETIC)
                && !modifiers.contains(JavaModifier.BRIDGE);
    }

    private static String head(JavaClass type) {
        String kind = type.isAnnotation() ? "@interface" : type.isInterface() ? "interface" : "class";
        kind = type.isEnum() ? "enum" : type.isRecord() ? "record" : kind;
        String above = Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream())
                .map(JavaType::getName)
                .filter(name -> !name.startsWith("java.lang.Object") && !name.equals("java.lang.Record"))
                .collect(Collectors.joining(", "));
        return kind + " " + type.getName() + modifiers(type.getModifiers()) + (above.isEmpty() ? "" : " < " + above);
    }

    private static TreeSet<String> members(JavaClass type) {
        return visible(type).map(PublicApiTest::text).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of the class, and those that it inherits from classes of ours. */
    private static Stream<JavaMember> visible(JavaClass type) {
        return Stream.concat(
                        type.getConstructors().stream().map(JavaMember.class::cast),
                        Stream.concat(type.getAllMethods().stream(), type.getAllFields().stream()))
                .filter(member -> member.getOwner().getName().startsWith("dev.understudy."))
                .filter(member -> isVisible(member.getModifiers()));
    }

    private static String text(JavaMember member) {
        String kept = modifiers(member.getModifiers());
        return switch (member) {
            case JavaConstructor constructor -> "new(" + parameters(constructor) + ")" + kept + thrown(constructor);
            case JavaMethod method ->
                method.getName() + "(" + parameters(method) + "): "
                        + method.getReturnType().getName() + kept + thrown(method);
            case JavaField field -> field.getName() + ": " + field.getType().getName() + kept;
            default -> throw new IllegalArgumentException(member.toString());
        };
    }

    private static String parameters(JavaCodeUnit unit) {
        return unit.getParameterTypes().stream().map(JavaType::getName).collect(Collectors.joining(", "));
    }

    private static String thrown(JavaCodeUnit unit) {
        String all = unit.getExceptionTypes().stream()
                .map(JavaClass::getName)
                .sorted()
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "" : " throws " + all;
    }

    private static String modifiers(Set<JavaModifier> modifiers) {
        return Stream.of(JavaModifier.PROTECTED, JavaModifier.STATIC, JavaModifier.ABSTRACT, JavaModifier.FINAL)
                .filter(modifiers::contains)
                .map(each -> " " + each.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** The types that a user of a class has to do with. */
    private static Stream<JavaClass> occurring(JavaClass type) {
        Stream<JavaType> inMembers = visible(type).flatMap(member -> switch (member) {
            case JavaCodeUnit unit ->
                Stream.concat(
                        unit.getParameterTypes().stream(),
                        Stream.concat(Stream.of(unit.getReturnType()), unit.getExceptionTypes().stream()));
            case JavaField field -> Stream.of(field.getType());
            default -> Stream.empty();
        });
        return Stream.concat(inMembers, Stream.concat(type.getInterfaces().stream(), type.getSuperclass().stream()))
                .flatMap(each -> each.getAllInvolvedRawTypes().stream())
                .map(JavaClass::getBaseComponentType);
    }
}
