package dev.understudy.spring.autoconfigure;

import dev.understudy.protocol.ClosestMatches;
import dev.understudy.spring.ChainModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Finds the chat models that {@code understudy.chain} names. A name is that of a bean; otherwise that of the model with which
 * one bean alone is configured; otherwise {@code bean/model}, a model of a bean's provider that the bean is not configured with.
 */
final class ChainModels {
    private final ListableBeanFactory beans;
    private final List<String> beanNames;

    /** @param own the bean of the fallback model, which is no part of its own chain */
    ChainModels(ListableBeanFactory beans, String own) {
        this.beans = beans;
        this.beanNames = List.of(beans.getBeanNamesForType(ChatModel.class)).stream()
                .filter(name -> !name.equals(own))
                .sorted()
                .toList();
    }

    /** @throws InvalidChainException if a name stands for no chat model, or for several */
    List<ChainModel> find(List<String> chain) {
        if (beanNames.isEmpty()) {
            throw new InvalidChainException(
                    "understudy.chain is set, and the application has no chat model.",
                    "Add the starter of a model, such as spring-ai-starter-model-openai, or define beans of type ChatModel;"
                            + " or remove understudy.chain.");
        }
        List<ChainModel> models = new ArrayList<>();
        for (String name : chain) {
            models.add(find(name));
        }
        return List.copyOf(models);
    }

    private ChainModel find(String name) {
        if (beanNames.contains(name)) {
            return ChainModel.of(name, bean(name));
        }
        Map<String, String> modelNames = modelNames();
        List<String> having = modelNames.entrySet().stream()
                .filter(bean -> bean.getValue().equals(name))
                .map(Map.Entry::getKey)
                .toList();
        if (having.size() > 1) {
            throw new InvalidChainException(
                    "understudy.chain names " + name + ", the model of several beans: " + String.join(", ", having)
                            + ".",
                    "Write the name of one of the beans in its place.");
        }
        if (having.size() == 1) {
            return ChainModel.of(name, bean(having.getFirst()));
        }
        int slash = name.indexOf('/');
        if (slash > 0 && beanNames.contains(name.substring(0, slash))) {
            return new ChainModel(name, bean(name.substring(0, slash)), Optional.of(name.substring(slash + 1)));
        }
        throw unknown(name, modelNames);
    }

    private InvalidChainException unknown(String name, Map<String, String> modelNames) {
        List<String> known = new ArrayList<>(beanNames);
        known.addAll(modelNames.values());
        String suggestion = ClosestMatches.to(name, known, 1).stream()
                .findFirst()
                .map(near -> " Did you mean " + near + "?")
                .orElse("");
        String all = beanNames.stream()
                .map(bean -> modelNames.containsKey(bean) ? bean + " (" + modelNames.get(bean) + ")" : bean)
                .collect(Collectors.joining(", "));
        return new InvalidChainException(
                "understudy.chain names " + name + ", and no chat model of the application has this name." + suggestion,
                "Write the name of a bean, of its model, or bean/model. The chat models are: " + all + ".");
    }

    private Map<String, String> modelNames() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String bean : beanNames) {
            Optional.ofNullable(bean(bean).getOptions().getModel()).ifPresent(model -> names.put(bean, model));
        }
        return names;
    }

    private ChatModel bean(String name) {
        return beans.getBean(name, ChatModel.class);
    }
}
