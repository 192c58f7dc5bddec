package dev.understudy.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.client.chain.CallSettings;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.spring.FakeModel;
import dev.understudy.spring.FallbackChatModel;
import dev.understudy.spring.autoconfigure.UnderstudyAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A web application with the Actuator, over HTTP. */
@Timeout(120)
class UnderstudyActuatorTest {
    private static ConfigurableApplicationContext application;
    private static String base;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        FakeModel down() {
            return FakeModel.failing(new TransientAiException("HTTP 500 - "));
        }

        @Bean
        FakeModel spare() {
            return FakeModel.answering("Hi.");
        }
    }

    @BeforeAll
    static void start() {
        SpringApplication spring = new SpringApplication(Application.class);
        application = spring.run(
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--spring.main.banner-mode=off",
                // The models of OpenAI's starter are made too, and need a key.
                "--spring.ai.openai.api-key=sk-test",
                "--management.endpoints.web.exposure.include=understudy,health",
                "--management.endpoint.health.show-details=always",
                "--understudy.chain=down,spare",
                "--understudy.retry.attempts=0",
                "--understudy.cooldown.after=1",
                "--understudy.cooldown.base=60s");
        base = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port") + "/actuator";
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void forget() {
        application.getBean(FallbackChatModel.class).state().reset();
    }

    private static void call() {
        application.getBean(ChatModel.class).call(new Prompt("Hello"));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static String get(String path) {
        HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(base + path)));
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static HttpResponse<String> post(String json) {
        return send(HttpRequest.newBuilder(URI.create(base + "/understudy"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    @Test
    void theEndpointShowsCircuitsAndAttempts() {
        call();

        assertThat(get("/understudy"))
                .contains("\"understudyChatModel\":[")
                .containsPattern(
                        "\"target\":\"down\",\"circuit\":\"open\",\"reason\":\"server_error\",\"cooldownMs\":[1-9]")
                .contains("{\"outcome\":\"server_error\",")
                .contains("\"target\":\"spare\",\"circuit\":\"closed\"");
    }

    @Test
    void aModelIsResetByItsName() {
        call();

        HttpResponse<String> response = post("{\"target\":\"down\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"target\":\"down\",\"circuit\":\"closed\"");
    }

    @Test
    void everythingIsReset() {
        call();

        assertThat(post("{}").body()).doesNotContain("\"open\"").doesNotContain("server_error");
    }

    @Test
    void anUnknownModelIsRefused() {
        HttpResponse<String> response = post("{\"target\":\"dwon\"}");

        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void healthIsUpWhileAModelIsLeft() {
        call();

        assertThat(get("/health"))
                .contains("\"understudy\":{")
                .containsPattern("\"down\":\"open \\(server_error\\), for another \\d+ s\"")
                .contains("\"spare\":\"closed\"")
                .contains("\"status\":\"UP\"");
    }

    @Test
    void healthIsDownIfAllModelsAreSkipped() {
        FallbackChatModel broken = FallbackChatModel.builder()
                .settings(CallSettings.builder()
                        .retries(0)
                        .cooldown(Duration.ofMinutes(1))
                        .build())
                .model("only", FakeModel.failing(new TransientAiException("HTTP 500 - ")))
                .build();
        UnderstudyHealthIndicator health = new UnderstudyHealthIndicator(broken);
        assertThat(health.health().getStatus().getCode()).isEqualTo("UP");

        assertThatThrownBy(() -> broken.call(new Prompt("Hello"))).isInstanceOf(FallbackException.class);

        assertThat(health.health().getStatus().getCode()).isEqualTo("DOWN");
    }

    @Test
    void eachCircuitIsAGauge() {
        call();
        MeterRegistry meters = application.getBean(MeterRegistry.class);

        assertThat(meters.get("understudy.circuit.open")
                        .tag("understudy.target", "down")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(meters.get("understudy.circuit.open")
                        .tag("understudy.target", "spare")
                        .gauge()
                        .value())
                .isZero();
        assertThat(meters.get("understudy.call")
                        .tag("understudy.target", "spare")
                        .timer()
                        .count())
                .isPositive();
    }

    @Test
    void withoutTheActuatorTheChainWorks() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        UnderstudyAutoConfiguration.class, UnderstudyActuatorAutoConfiguration.class))
                .withUserConfiguration(Models.class)
                .withPropertyValues("understudy.chain=one")
                .withClassLoader(
                        new FilteredClassLoader("org.springframework.boot.actuate", "org.springframework.boot.health"))
                .run(started -> assertThat(started)
                        .hasSingleBean(FallbackChatModel.class)
                        .hasSingleBean(CircuitMeters.class)
                        .doesNotHaveBean("understudyEndpoint")
                        .doesNotHaveBean("understudyHealthContributor"));
    }

    @Test
    void healthCanBeSwitchedOff() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        UnderstudyAutoConfiguration.class, UnderstudyActuatorAutoConfiguration.class))
                .withUserConfiguration(Models.class)
                .withPropertyValues("understudy.chain=one", "management.health.understudy.enabled=false")
                .run(started -> assertThat(started).doesNotHaveBean("understudyHealthContributor"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Models {
        @Bean
        FakeModel one() {
            return FakeModel.answering("Hi.");
        }
    }
}
