package dev.understudy.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.client.chain.ChainListener;
import dev.understudy.engine.AttemptKind;
import dev.understudy.spring.ChainModel;
import dev.understudy.spring.FakeModel;
import dev.understudy.spring.FallbackChatModel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

class UnderstudyAutoConfigurationTest {
    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(UnderstudyAutoConfiguration.class, ChatClientAutoConfiguration.class));

    @Configuration(proxyBeanMethods = false)
    static class TwoModels {
        @Bean
        FakeModel openAiChatModel() {
            return FakeModel.failing(new TransientAiException("HTTP 503 - "))
                    .with(ChatOptions.builder().model("gpt-4o-mini").build());
        }

        @Bean
        FakeModel anthropicChatModel() {
            return FakeModel.answering("Hi.")
                    .with(ChatOptions.builder().model("claude").build());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OneIsPrimary {
        @Bean
        @Primary
        FakeModel otherChatModel() {
            return FakeModel.answering("other");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFallbackModel {
        @Bean
        @Primary
        FallbackChatModel own() {
            return FallbackChatModel.builder()
                    .model("own", FakeModel.answering("own"))
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening {
        final List<String> started = new CopyOnWriteArrayList<>();

        @Bean
        ChainListener listener() {
            return new ChainListener() {
                @Override
                public void attemptStarted(String target, int number, AttemptKind kind) {
                    started.add(target);
                }
            };
        }
    }

    private ApplicationContextRunner withChain(String chain) {
        return context.withUserConfiguration(TwoModels.class).withPropertyValues("understudy.chain=" + chain);
    }

    private static FailureAnalysis analysis(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof InvalidChainException)) {
            cause = cause.getCause();
        }
        return new InvalidChainAnalyzer().analyze(failure, (InvalidChainException) cause);
    }

    @Test
    void withoutAChainThereIsNoFallbackModel() {
        context.withUserConfiguration(TwoModels.class)
                .withPropertyValues("spring.ai.chat.client.enabled=false")
                .run(started -> assertThat(started).doesNotHaveBean(FallbackChatModel.class));
    }

    @Test
    void aChainIsThePrimaryModelAndChatClientUsesIt() {
        withChain("openAiChatModel,anthropicChatModel").run(started -> {
            assertThat(started).hasSingleBean(FallbackChatModel.class);
            assertThat(started.getBean(ChatModel.class)).isInstanceOf(FallbackChatModel.class);
            ChatClient client = started.getBean(ChatClient.Builder.class).build();
            assertThat(client.prompt("Hello").call().content()).isEqualTo("Hi.");
            assertThat(client.prompt("Hello").stream().content().collectList().block())
                    .contains("Hi.");
        });
    }

    @Test
    void aChainIsWrittenAsAListToo() {
        context.withUserConfiguration(TwoModels.class)
                .withPropertyValues("understudy.chain[0]=anthropicChatModel", "understudy.chain[1]=openAiChatModel")
                .run(started -> assertThat(
                                started.getBean(FallbackChatModel.class).models())
                        .extracting(ChainModel::name)
                        .containsExactly("anthropicChatModel", "openAiChatModel"));
    }

    @Test
    void modelsAreFoundByTheirNamesAndOthersOfAProviderByBeanAndName() {
        withChain("gpt-4o-mini,claude,openAiChatModel/gpt-4.1").run(started -> {
            FallbackChatModel model = started.getBean(FallbackChatModel.class);
            assertThat(model.models())
                    .extracting(ChainModel::name)
                    .containsExactly("gpt-4o-mini", "claude", "openAiChatModel/gpt-4.1");
            assertThat(model.models().get(2).modelName()).hasValue("gpt-4.1");
            assertThat(model.models().get(2).chatModel()).isSameAs(started.getBean("openAiChatModel"));
        });
    }

    @Test
    void anUnknownModelStopsTheStartWithTheNamesThatThereAre() {
        withChain("openAiChatModel,antropicChatModel").run(started -> {
            assertThat(started).hasFailed();
            FailureAnalysis analysis = analysis(started.getStartupFailure());
            assertThat(analysis.getDescription())
                    .contains("understudy.chain names antropicChatModel")
                    .contains("Did you mean anthropicChatModel?");
            assertThat(analysis.getAction())
                    .contains("openAiChatModel (gpt-4o-mini)")
                    .contains("anthropicChatModel (claude)");
        });
    }

    @Test
    void theNameOfTheModelOfSeveralBeansIsRefused() {
        withChain("gpt-4o-mini")
                .withBean(
                        "secondOpenAi",
                        FakeModel.class,
                        () -> FakeModel.answering("x")
                                .with(ChatOptions.builder().model("gpt-4o-mini").build()))
                .run(started -> {
                    assertThat(started).hasFailed();
                    assertThat(analysis(started.getStartupFailure()).getDescription())
                            .contains("openAiChatModel, secondOpenAi");
                });
    }

    @Test
    void aChainWithoutAnyChatModelStopsTheStart() {
        context.withPropertyValues("understudy.chain=openAiChatModel").run(started -> {
            assertThat(started).hasFailed();
            assertThat(analysis(started.getStartupFailure()).getAction()).contains("starter of a model");
        });
    }

    @Test
    void aSecondPrimaryModelStopsTheStartWithTheRemedy() {
        withChain("openAiChatModel,anthropicChatModel")
                .withUserConfiguration(OneIsPrimary.class)
                .run(started -> {
                    assertThat(started).hasFailed();
                    FailureAnalysis analysis = analysis(started.getStartupFailure());
                    assertThat(analysis.getDescription()).contains("otherChatModel is @Primary too");
                    assertThat(analysis.getAction()).contains("understudy.primary=false");
                });
    }

    @Test
    void theFallbackModelNeedNotBePrimary() {
        withChain("openAiChatModel,anthropicChatModel")
                .withUserConfiguration(OneIsPrimary.class)
                .withPropertyValues("understudy.primary=false")
                .run(started -> {
                    assertThat(started).hasSingleBean(FallbackChatModel.class);
                    assertThat(started.getBean(ChatModel.class)).isSameAs(started.getBean("otherChatModel"));
                });
    }

    @Test
    void aFallbackModelOfTheApplicationTakesItsPlace() {
        withChain("openAiChatModel,anthropicChatModel")
                .withUserConfiguration(OwnFallbackModel.class)
                .run(started -> {
                    assertThat(started).hasSingleBean(FallbackChatModel.class).hasBean("own");
                    assertThat(started.getBean(ChatModel.class)).isSameAs(started.getBean("own"));
                });
    }

    @Test
    void itCanBeSwitchedOff() {
        withChain("openAiChatModel,anthropicChatModel")
                .withPropertyValues("understudy.enabled=false", "spring.ai.chat.client.enabled=false")
                .run(started -> assertThat(started).doesNotHaveBean(FallbackChatModel.class));
    }

    @Test
    void listenersOfTheApplicationAreTold() {
        withChain("openAiChatModel,anthropicChatModel")
                .withUserConfiguration(Listening.class)
                .withPropertyValues("understudy.retry.attempts=0")
                .run(started -> {
                    started.getBean(ChatModel.class).call("Hello");
                    assertThat(started.getBean(Listening.class).started)
                            .containsExactly("openAiChatModel", "anthropicChatModel");
                });
    }

    @Test
    void itWorksWithoutWhatIsOptional() {
        withChain("openAiChatModel,anthropicChatModel")
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.actuate",
                        "org.springframework.boot.health",
                        "org.springframework.web",
                        "org.springframework.ai.retry",
                        "com.openai"))
                .run(started -> assertThat(started).hasSingleBean(FallbackChatModel.class));
    }
}
