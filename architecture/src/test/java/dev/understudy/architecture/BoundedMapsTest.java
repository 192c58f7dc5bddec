package dev.understudy.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A map that many threads share lives as long as the process, and callers name models and bring keys without end. Each such map is
 * a bounded cache, or is listed here with the reason why it cannot grow.
 *
 * <p>See {@code docs/decisions/0024-bounded-caches.md}.
 */
class BoundedMapsTest {
    private static final Map<String, String> CANNOT_GROW = Map.ofEntries(
            Map.entry("dev.understudy.engine.BoundedCache", "it is the bounded cache"),
            Map.entry("dev.understudy.protocol.translate.CallerToolNames", "it belongs to one call"),
            Map.entry(
                    "dev.understudy.protocol.failure.SecretIndex",
                    "its keys are those of the configuration, of its accounts, and of callers while their calls run"),
            Map.entry("dev.understudy.protocol.acceptance.AnswerSchema", "its keys are an enum's"),
            Map.entry("dev.understudy.gateway.upstream.ModelLists", "its keys are the providers of the configuration"),
            Map.entry("dev.understudy.calls.upstream.ConnectionSlots", "an entry ends with its last attempt"),
            Map.entry(
                    "dev.understudy.gateway.metrics.CallMetrics",
                    "its keys are the targets of the configuration, and one for all others"),
            Map.entry(
                    "dev.understudy.client.telemetry.MicrometerListener",
                    "it has the first thousand targets, and one name for all others"),
            Map.entry("dev.understudy.calls.upstream.AnswerMemory", "an entry ends with its call"),
            Map.entry("dev.understudy.gateway.http.BodyMemory", "an entry ends with its request"),
            Map.entry("dev.understudy.gateway.admin.TryCalls", "an entry ends with its call, of which few run at once"),
            Map.entry("dev.understudy.gateway.connection.ConnectionLimits", "an entry ends with its last connection"),
            Map.entry(
                    "dev.understudy.gateway.quota.SharedLimits",
                    "it has the limits of the operator's keys, while they are in use"));

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(
                    "dev.understudy.engine",
                    "dev.understudy.protocol",
                    "dev.understudy.calls",
                    "dev.understudy.gateway",
                    "dev.understudy.client",
                    "dev.understudy.langchain4j",
                    "dev.understudy.store");

    @Test
    void everySharedMapIsBounded() {
        Set<String> makers = new TreeSet<>();
        for (JavaClass each : PRODUCT) {
            boolean makesMap = Stream.concat(
                            each.getConstructorCallsFromSelf().stream(), each.getMethodCallsFromSelf().stream())
                    .anyMatch(call -> call.getTargetOwner().isEquivalentTo(ConcurrentHashMap.class)
                            && (call.getName().equals("<init>")
                                    || call.getName().equals("newKeySet")));
            if (makesMap) {
                makers.add(each.getName());
            }
        }
        assertThat(makers).containsExactlyInAnyOrderElementsOf(CANNOT_GROW.keySet());
    }
}
