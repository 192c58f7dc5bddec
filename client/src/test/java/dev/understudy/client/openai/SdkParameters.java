package dev.understudy.client.openai;

import com.openai.core.JsonValue;
import com.openai.core.Params;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Parameters for any method of openai-java, made by reflection: what the SDK says is required, and of requests without a body everything
 * simple, which is then in the path and in the query. The same class has the same values each time, in new objects, because a file can be
 * read once.
 */
final class SdkParameters {
    /** It has to be encoded in paths and in queries. */
    private static final String TEXT = "Grüße & 1/2 + 3%";

    private static final int DEEPEST = 10;
    private static final Pattern MISSING = Pattern.compile("`(\\w+)` is required, but was not set");

    /** What each class of parameters lacks, as the SDK said when a method was called with them. */
    private final Map<Class<?>, Set<String>> required = new ConcurrentHashMap<>();

    /** Parameters of this class; empty if none can be made. */
    Optional<Params> of(Class<?> type) {
        return built(type, required.getOrDefault(type, Set.of()), 0).map(Params.class::cast);
    }

    /**
     * Takes what the SDK said when a method was called with these parameters.
     *
     * @return whether it names a parameter that was missing and is set from now on
     */
    boolean learn(Class<?> type, String said) {
        return missing(said)
                .map(name -> required.computeIfAbsent(type, absent -> new HashSet<>())
                        .add(name))
                .orElse(false);
    }

    private static Optional<String> missing(String said) {
        Matcher matcher = MISSING.matcher(said);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<Object> built(Class<?> type, Set<String> names, int depth) {
        Optional<Object> begun = invoke(method(type, "builder"), null);
        if (begun.isEmpty()) {
            return Optional.empty();
        }
        Object builder = begun.get();
        Set<String> wanted = new HashSet<>(names);
        if (Params.class.isAssignableFrom(type) && hasNoBody(type)) {
            wanted.addAll(simple(type));
        }
        wanted.forEach(name -> set(builder, name, depth));
        Set<String> set = new HashSet<>();
        while (true) {
            try {
                return Optional.of(builder.getClass().getMethod("build").invoke(builder));
            } catch (InvocationTargetException incomplete) {
                Optional<String> name =
                        missing(String.valueOf(incomplete.getCause())).filter(set::add);
                if (name.isEmpty() || !set(builder, name.get(), depth)) {
                    return Optional.empty();
                }
            } catch (ReflectiveOperationException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }

    private static boolean hasNoBody(Class<?> params) {
        return Arrays.stream(params.getMethods())
                .noneMatch(method ->
                        method.getName().equals("_body") || method.getName().equals("_additionalBodyProperties"));
    }

    /** The names of what is a parameter, and neither a list nor an object. */
    private static Set<String> simple(Class<?> params) {
        return Arrays.stream(params.getMethods())
                .filter(method -> method.getParameterCount() == 0
                        && method.getDeclaringClass() == params
                        && !Modifier.isStatic(method.getModifiers())
                        && method.getReturnType() == Optional.class)
                .map(Method::getName)
                .collect(Collectors.toSet());
    }

    /** Sets a property by the simplest method of the builder that has this name. */
    private static boolean set(Object builder, String name, int depth) {
        List<Method> setters = Arrays.stream(builder.getClass().getMethods())
                .filter(method -> method.getName().equals(name) && method.getParameterCount() == 1)
                .sorted(Comparator.comparingInt((Method method) -> cost(method.getParameterTypes()[0]))
                        .thenComparing(Method::toGenericString))
                .toList();
        for (Method setter : setters) {
            Optional<Object> value = value(setter.getGenericParameterTypes()[0], depth + 1);
            if (value.isPresent()
                    && invoke(Optional.of(setter), builder, value.get()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** A known name of a model rather than any text; a text rather than an object. */
    private static int cost(Class<?> type) {
        if (hasConstants(type)) {
            return 0;
        }
        return type == String.class || type.isPrimitive() || type == byte[].class ? 1 : 2;
    }

    private static Optional<Object> value(Type type, int depth) {
        if (depth > DEEPEST) {
            return Optional.empty();
        }
        return switch (type) {
            case Class<?> plain -> value(plain, depth);
            case WildcardType wildcard -> value(wildcard.getUpperBounds()[0], depth);
            case ParameterizedType generic -> {
                Type[] arguments = generic.getActualTypeArguments();
                if (generic.getRawType() == List.class) {
                    yield value(arguments[0], depth + 1).map(List::of);
                }
                yield generic.getRawType() == Map.class
                        ? value(arguments[1], depth + 1).map(each -> Map.of("key", each))
                        : Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private static Optional<Object> value(Class<?> type, int depth) {
        Optional<Object> plain = plain(type);
        if (plain.isPresent() || !type.getName().startsWith("com.openai.models.")) {
            return plain;
        }
        if (hasConstants(type)) {
            return constants(type).map(SdkParameters::constant).findFirst();
        }
        Optional<Object> built = built(type, Set.of(), depth);
        return built.isPresent() ? built : variant(type, depth);
    }

    private static Optional<Object> plain(Class<?> type) {
        return switch (type.getName()) {
            case "java.lang.String" -> Optional.of(TEXT);
            case "boolean", "java.lang.Boolean" -> Optional.of(true);
            case "int", "java.lang.Integer" -> Optional.of(1);
            case "long", "java.lang.Long" -> Optional.of(1L);
            case "double", "java.lang.Double" -> Optional.of(0.5);
            case "[B" -> Optional.of("the bytes of a file, grün".getBytes(StandardCharsets.UTF_8));
            case "java.io.InputStream" ->
                Optional.<Object>of(
                        (InputStream) new ByteArrayInputStream("a stream".getBytes(StandardCharsets.UTF_8)));
            case "java.time.OffsetDateTime" -> Optional.of(OffsetDateTime.parse("2026-01-01T00:00:00Z"));
            case "java.time.LocalDate" -> Optional.of(LocalDate.parse("2026-01-01"));
            case "com.openai.core.JsonValue" -> Optional.of(JsonValue.from(Map.of("any", TEXT)));
            default -> Optional.empty();
        };
    }

    /** One of the forms of a union. */
    private static Optional<Object> variant(Class<?> type, int depth) {
        return Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers())
                        && method.getName().startsWith("of")
                        && method.getParameterCount() == 1
                        && method.getReturnType() == type)
                .sorted(Comparator.comparingInt((Method method) -> cost(method.getParameterTypes()[0]))
                        .thenComparing(Method::toGenericString))
                .flatMap(method -> value(method.getGenericParameterTypes()[0], depth + 1)
                        .flatMap(value -> invoke(Optional.of(method), null, value))
                        .stream())
                .findFirst();
    }

    /** The SDK's enumerations are open: classes with constants and {@code of(String)}. */
    private static boolean hasConstants(Class<?> type) {
        return type.getName().startsWith("com.openai.models.")
                && constants(type).findAny().isPresent();
    }

    private static Stream<Field> constants(Class<?> type) {
        return Arrays.stream(type.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == type)
                .sorted(Comparator.comparing(Field::getName));
    }

    private static Object constant(Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Optional<Method> method(Class<?> type, String name) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(name) && method.getParameterCount() == 0)
                .findFirst();
    }

    /** What a method returns; empty if there is no such method, or it refuses the argument. */
    private static Optional<Object> invoke(Optional<Method> method, Object of, Object... arguments) {
        try {
            return method.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(method.get().invoke(of, arguments));
        } catch (InvocationTargetException refused) {
            return Optional.empty();
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
