package dev.understudy.spring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.client.chain.TargetFailures;
import dev.understudy.engine.Failure;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Classifies the exceptions of vendors' SDKs by the methods that they have in common, so that none of the SDKs is needed here.
 *
 * <p>Those of OpenAI and Anthropic have {@code statusCode()}, {@code headers()} and {@code body()}; Amazon's {@code
 * statusCode()}; Google's {@code code()}. A method that is missing, or that returns something else, is as if the provider had
 * said nothing there.
 */
final class SdkFailures {
    private static final Accessors NONE = new Accessors(Optional.empty(), Optional.empty(), Optional.empty());

    private static final ClassValue<Accessors> ACCESSORS = new ClassValue<>() {
        @Override
        protected Accessors computeValue(Class<?> type) {
            return Accessors.of(type);
        }
    };

    private SdkFailures() {}

    private record Accessors(Optional<Method> status, Optional<Method> headers, Optional<Method> body) {
        static Accessors of(Class<?> type) {
            if (!Modifier.isPublic(type.getModifiers())) {
                return NONE;
            }
            Optional<Method> status = method(type, "statusCode")
                    .or(() -> method(type, "code"))
                    .filter(method -> method.getReturnType() == int.class);
            return status.isEmpty() ? NONE : new Accessors(status, method(type, "headers"), method(type, "body"));
        }
    }

    private static Optional<Method> method(Class<?> type, String name, Class<?>... parameters) {
        try {
            return Optional.of(type.getMethod(name, parameters));
        } catch (NoSuchMethodException missing) {
            return Optional.empty();
        }
    }

    static Optional<Failure> classify(Throwable thrown) {
        Accessors accessors = ACCESSORS.get(thrown.getClass());
        return value(accessors.status(), thrown)
                .map(Integer.class::cast)
                .filter(status -> status >= 100 && status <= 599)
                .map(status -> TargetFailures.ofHttp(
                        status,
                        value(accessors.headers(), thrown)
                                .map(SdkFailures::headers)
                                .orElse(Map.of()),
                        body(thrown, value(accessors.body(), thrown))));
    }

    /** The headers of the SDKs of OpenAI and Anthropic: {@code names()}, and {@code values(name)} of each. */
    private static Map<String, List<String>> headers(Object headers) {
        Optional<Method> values = method(headers.getClass(), "values", String.class);
        Map<String, List<String>> all = new HashMap<>();
        if (value(method(headers.getClass(), "names"), headers).orElse(List.of()) instanceof Iterable<?> names) {
            for (Object name : names) {
                value(values, headers, name).ifPresent(found -> all.put(String.valueOf(name), texts(found)));
            }
        }
        return all;
    }

    private static List<String> texts(Object values) {
        List<String> texts = new ArrayList<>();
        if (values instanceof Iterable<?> each) {
            each.forEach(value -> texts.add(String.valueOf(value)));
        }
        return texts;
    }

    /** OpenAI's SDK has the error alone, Anthropic's the whole body; without a body there is the message. */
    private static String body(Throwable thrown, Optional<Object> body) {
        JsonNode error = body.flatMap(SdkFailures::json)
                .orElseGet(() -> JsonNodeFactory.instance
                        .objectNode()
                        .put("message", Optional.ofNullable(thrown.getMessage()).orElse("")));
        return error.has("error")
                ? error.toString()
                : JsonNodeFactory.instance.objectNode().set("error", error).toString();
    }

    private static Optional<JsonNode> json(Object value) {
        return value(method(value.getClass(), "convert", Class.class), value, JsonNode.class)
                .map(JsonNode.class::cast)
                .filter(JsonNode::isObject);
    }

    /** What a method returns; empty if it is missing, returns nothing or fails. */
    private static Optional<Object> value(Optional<Method> method, Object of, Object... arguments) {
        if (method.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(method.get().invoke(of, arguments));
        } catch (IllegalAccessException | InvocationTargetException | IllegalArgumentException unusable) {
            // The class has another shape than the SDKs whose methods are meant: its message is classified instead.
            return Optional.empty();
        }
    }
}
