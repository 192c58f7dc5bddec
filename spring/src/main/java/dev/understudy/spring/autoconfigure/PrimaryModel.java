package dev.understudy.spring.autoconfigure;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Makes sure that there is one primary chat model. Spring's own message about two of them, where one is injected later, does not
 * say what to do.
 */
final class PrimaryModel implements BeanFactoryPostProcessor {
    private final boolean wanted;

    PrimaryModel(boolean wanted) {
        this.wanted = wanted;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        String own = UnderstudyAutoConfiguration.BEAN;
        if (!beans.containsBeanDefinition(own)) {
            return;
        }
        beans.getBeanDefinition(own).setPrimary(wanted);
        if (!wanted) {
            return;
        }
        for (String name : beans.getBeanNamesForType(ChatModel.class, true, false)) {
            boolean other = !name.equals(own) && beans.containsBeanDefinition(name);
            if (other && beans.getBeanDefinition(name).isPrimary()) {
                throw new InvalidChainException(
                        "understudy.chain makes " + own + " the primary ChatModel, and " + name + " is @Primary too.",
                        "Remove @Primary from " + name
                                + "; or set understudy.primary=false and inject the fallback model as"
                                + " FallbackChatModel.");
            }
        }
    }
}
