package dev.understudy.spring.autoconfigure;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if {@code understudy.chain} names a model. The property is a list, which Spring Boot's own condition cannot read. */
final class OnChain extends SpringBootCondition {
    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        List<String> chain = Binder.get(context.getEnvironment())
                .bind(UnderstudyProperties.PREFIX + ".chain", Bindable.listOf(String.class))
                .orElse(List.of());
        ConditionMessage.Builder message = ConditionMessage.forCondition("Understudy chain");
        return chain.isEmpty()
                ? ConditionOutcome.noMatch(message.because("understudy.chain is not set"))
                : ConditionOutcome.match(message.because("understudy.chain names " + chain));
    }
}
