package dev.understudy.spring.autoconfigure;

import dev.understudy.client.chain.ChainListener;
import dev.understudy.client.chain.FallbackState;
import dev.understudy.spring.ChainModel;
import dev.understudy.spring.FallbackChatModel;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Optional;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/**
 * Makes a {@link FallbackChatModel} over the application's chat models if {@code understudy.chain} names some. It is the
 * primary {@link ChatModel}, so what is built on one, such as {@code ChatClient.Builder}, uses it without a change. An
 * application that defines a {@link FallbackChatModel} of its own gets no other.
 */
@AutoConfiguration
@ConditionalOnClass(ChatModel.class)
@ConditionalOnProperty(prefix = UnderstudyProperties.PREFIX, name = "enabled", matchIfMissing = true)
@Conditional(OnChain.class)
@EnableConfigurationProperties(UnderstudyProperties.class)
public final class UnderstudyAutoConfiguration {
    /** The name of the bean. */
    public static final String BEAN = "understudyChatModel";

    private static final System.Logger LOG = System.getLogger(FallbackChatModel.class.getName());

    /** Health and budgets of the chain's models. */
    @Bean
    @ConditionalOnMissingBean
    FallbackState understudyState(UnderstudyProperties properties) {
        return FallbackState.create(
                properties.getRetry().getBudget().share(),
                properties.getHedging().getBudget().share());
    }

    @Bean(BEAN)
    @Primary
    @ConditionalOnMissingBean
    FallbackChatModel understudyChatModel(
            UnderstudyProperties properties,
            ListableBeanFactory beans,
            FallbackState state,
            ObjectProvider<ObservationRegistry> observations,
            ObjectProvider<ChainListener> listeners,
            Environment environment) {
        List<String> ownRetries = OwnRetries.unset(environment);
        if (!ownRetries.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The chat models retry by themselves before the next one of understudy.chain is tried. Set {0} to leave"
                            + " retries to the chain; any other value that is set keeps them.",
                    String.join(" and ", ownRetries));
        }
        FallbackChatModel.Builder builder = FallbackChatModel.builder()
                .settings(ChainSettings.of(properties))
                .state(state)
                .observationRegistry(observations.getIfUnique(() -> ObservationRegistry.NOOP));
        listeners.orderedStream().forEach(builder::listener);
        for (ChainModel model : new ChainModels(beans, BEAN).find(properties.getChain())) {
            Optional.ofNullable(properties.getTargets().get(model.name()))
                    .ifPresentOrElse(
                            target -> builder.model(model, ChainSettings.target(target)), () -> builder.model(model));
        }
        return builder.build();
    }

    @Bean
    static BeanFactoryPostProcessor understudyPrimary(Environment environment) {
        return new PrimaryModel(
                environment.getProperty(UnderstudyProperties.PREFIX + ".primary", Boolean.class, Boolean.TRUE));
    }
}
