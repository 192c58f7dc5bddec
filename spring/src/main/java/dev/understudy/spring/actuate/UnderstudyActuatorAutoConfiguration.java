package dev.understudy.spring.actuate;

import dev.understudy.spring.FallbackChatModel;
import dev.understudy.spring.autoconfigure.UnderstudyAutoConfiguration;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds endpoint, health and meters for every {@link FallbackChatModel}, if the Actuator is there. */
@AutoConfiguration(after = UnderstudyAutoConfiguration.class)
@ConditionalOnBean(FallbackChatModel.class)
public final class UnderstudyActuatorAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
    static final class EndpointConfiguration {
        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnAvailableEndpoint
        UnderstudyEndpoint understudyEndpoint(Map<String, FallbackChatModel> chains) {
            return new UnderstudyEndpoint(chains);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    static final class HealthConfiguration {
        @Bean
        @ConditionalOnEnabledHealthIndicator("understudy")
        @ConditionalOnMissingBean(name = {"understudyHealthIndicator", "understudyHealthContributor"})
        HealthContributor understudyHealthContributor(Map<String, FallbackChatModel> chains) {
            return chains.size() == 1
                    ? new UnderstudyHealthIndicator(chains.values().iterator().next())
                    : CompositeHealthContributor.fromMap(chains, UnderstudyHealthIndicator::new);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    CircuitMeters understudyCircuitMeters(Map<String, FallbackChatModel> chains) {
        return new CircuitMeters(chains);
    }
}
