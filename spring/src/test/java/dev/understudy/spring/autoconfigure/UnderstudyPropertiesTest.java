package dev.understudy.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.client.chain.CallSettings;
import dev.understudy.engine.FailureKind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.validation.FieldError;

class UnderstudyPropertiesTest {
    private final ApplicationContextRunner context =
            new ApplicationContextRunner().withUserConfiguration(Properties.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(UnderstudyProperties.class)
    static class Properties {}

    private CallSettings settings(String... properties) {
        CallSettings[] settings = new CallSettings[1];
        context.withPropertyValues(properties).run(started -> {
            assertThat(started).hasNotFailed();
            settings[0] = ChainSettings.of(started.getBean(UnderstudyProperties.class));
        });
        return settings[0];
    }

    @Test
    void theDefaultsAreThoseOfTheLibrary() {
        assertThat(settings()).isEqualTo(CallSettings.ofDefaults());
    }

    @Test
    void everySettingIsRead() {
        CallSettings settings = settings(
                "understudy.deadline=45s",
                "understudy.cap=5m",
                "understudy.timeouts.first-token=2s",
                "understudy.timeouts.idle=3s",
                "understudy.timeouts.reasoning=30s",
                "understudy.timeouts.when-late=cancel",
                "understudy.retry.attempts=2",
                "understudy.retry.base=100ms",
                "understudy.retry.cap=1s",
                "understudy.retry.patience=5s",
                "understudy.cooldown.after=1",
                "understudy.cooldown.success-rate=0%",
                "understudy.cooldown.base=60s",
                "understudy.cooldown.cap=60s",
                "understudy.cooldown.quick-cap=60s",
                "understudy.cooldown.credential=60s",
                "understudy.cooldown.hint-cap=1m",
                "understudy.hedging.enabled=false",
                "understudy.accept.empty=true",
                "understudy.fallback-on=content-policy");

        assertThat(settings.deadline()).hasValue(Duration.ofSeconds(45));
        assertThat(settings.cap()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.timeouts().firstToken()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.timeouts().idle()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.timeouts().answer()).isEqualTo(Duration.ofSeconds(6));
        assertThat(settings.timeouts().reasoning()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.timeouts().cancels()).isTrue();
        assertThat(settings.retry().attempts()).isEqualTo(2);
        assertThat(settings.retry().persistent()).isFalse();
        assertThat(settings.retry().base()).isEqualTo(Duration.ofMillis(100));
        assertThat(settings.retry().patience()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.cooldown().after()).isEqualTo(1);
        assertThat(settings.cooldown().successRate()).isZero();
        assertThat(settings.cooldown().quickCap()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.cooldown().hintCap()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.hedging()).isFalse();
        assertThat(settings.acceptEmpty()).isTrue();
        assertThat(settings.fallbackOn().kinds()).containsExactly(FailureKind.CONTENT_POLICY);
    }

    @Test
    void targetsHaveLimitsOfTheirOwn() {
        context.withPropertyValues(
                        "understudy.chain=openAiChatModel,slow/model",
                        "understudy.targets[openAiChatModel].timeout=10s",
                        "understudy.targets[slow/model].reasons=true",
                        "understudy.targets[slow/model].context-window=8192")
                .run(started -> {
                    Map<String, UnderstudyProperties.Target> targets =
                            started.getBean(UnderstudyProperties.class).getTargets();
                    assertThat(ChainSettings.target(targets.get("openAiChatModel"))
                                    .timeout())
                            .hasValue(Duration.ofSeconds(10));
                    assertThat(ChainSettings.target(targets.get("slow/model")).reasons())
                            .isTrue();
                    assertThat(ChainSettings.target(targets.get("slow/model")).contextWindow())
                            .hasValue(8192);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deadline=0s                | deadline             | must be longer than zero, such as 10s",
                "deadline=-1s               | deadline             | must be longer than zero",
                "cap=8d                     | cap                  | seven days",
                "timeouts.first-token=0s    | timeouts.firstToken  | must be longer than zero",
                "retry.attempts=-1          | retry.attempts       | must be from 0",
                "retry.attempts=11          | retry.attempts       | to 10",
                "retry.base=-1ms            | retry.base           | must not be negative",
                "retry.base=10s             | retry.cap            | raise cap or lower base",
                "cooldown.after=0           | cooldown.after       | must be from 1",
                "cooldown.base=2m           | cooldown.cap         | raise cap or lower base",
                "cooldown.quick-cap=2m      | cooldown.quickCap    | raise cap or lower quick-cap",
                "fallback-on=everything     | fallbackOn           | everything",
                "chain=a,a                  | chain                | twice",
                "targets.b.timeout=0s       | targets[b].timeout   | must be longer than zero",
                "targets.b.context-window=0 | targets[b].contextWindow | number of tokens",
            })
    void aWrongValueIsReportedWithItsPropertyAndTheRemedy(String property, String field, String message) {
        context.withPropertyValues("understudy." + property.strip()).run(started -> {
            assertThat(started).hasFailed();
            BindValidationException invalid = cause(started.getStartupFailure(), BindValidationException.class);
            Map<String, String> errors = invalid.getValidationErrors().getAllErrors().stream()
                    .map(FieldError.class::cast)
                    .collect(Collectors.toMap(FieldError::getField, FieldError::getDefaultMessage));
            assertThat(errors).containsOnlyKeys(field.strip());
            assertThat(errors.get(field.strip())).contains(message.strip());
        });
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        context.withPropertyValues("understudy.deadline=0s", "understudy.retry.attempts=99", "understudy.cap=0s")
                .run(started -> assertThat(cause(started.getStartupFailure(), BindValidationException.class)
                                .getValidationErrors()
                                .getAllErrors())
                        .hasSize(3));
    }

    @Test
    void targetsThatAreNotInTheChainAreReported() {
        context.withPropertyValues("understudy.chain=one,two", "understudy.targets.three.timeout=1s")
                .run(started -> assertThat(cause(started.getStartupFailure(), BindValidationException.class))
                        .hasMessageContaining("three is not in the chain"));
    }

    @ParameterizedTest
    @CsvSource({"understudy.retry.budget=10, percentage", "understudy.retry.budget=200%, more than 100%"})
    void sharesAreWrittenAsPercentages(String property, String message) {
        context.withPropertyValues(property).run(started -> {
            assertThat(started).hasFailed();
            BindException failed = cause(started.getStartupFailure(), BindException.class);
            assertThat(failed.getName()).isEqualTo(ConfigurationPropertyName.of("understudy.retry.budget"));
            assertThat(failed).hasStackTraceContaining(message);
        });
    }

    @Test
    void aMisspeltPropertyIsReported() {
        context.withPropertyValues("understudy.deadlin=45s").run(started -> {
            assertThat(started).hasFailed();
            assertThat(cause(started.getStartupFailure(), ConfigurationPropertiesBindException.class))
                    .hasStackTraceContaining("understudy.deadlin");
        });
    }

    @Test
    void metadataDescribesEveryProperty() throws IOException {
        URI classes = URI.create(UnderstudyProperties.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString());
        Path generated = Path.of(classes).resolve("META-INF/spring-configuration-metadata.json");
        assumeTrue(Files.exists(generated), "compiled without annotation processors (profile quick)");
        String metadata = Files.readString(generated);

        assertThat(metadata)
                .contains("\"understudy.chain\"")
                .contains("\"understudy.timeouts.first-token\"")
                .contains("\"understudy.cooldown.quick-cap\"")
                .contains("The chat models in the order in which they are tried")
                .contains("\"content-policy\"");
    }

    private static <T extends Throwable> T cause(Throwable thrown, Class<T> type) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        throw new AssertionError("no " + type.getSimpleName(), thrown);
    }
}
