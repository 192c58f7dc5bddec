package dev.understudy.protocol.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.dialect.BasicDialectRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.DialectRegistry;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The validator's keywords with a {@link CheckBudget}. The library has no limits of its own, but every step of a compilation and
 * an evaluation passes through a keyword, so steps are counted there: alternatives and references that multiply come to an end.
 */
final class MeteredKeywords {
    private static final List<Dialect> DRAFTS = List.of(
            Dialects.getDraft202012(),
            Dialects.getDraft201909(),
            Dialects.getDraft7(),
            Dialects.getDraft6(),
            Dialects.getDraft4());

    /** The library does not permit to replace it. It has no schemas in it. */
    private static final String FORMAT = "format";

    /** Steps of a keyword beside those for the members of the instance and of the keyword's own value. */
    private static final int STEPS_EACH = 4;

    private MeteredKeywords() {}

    /** All drafts: a part of a schema can name another draft than the whole. */
    static DialectRegistry drafts(CheckBudget budget) {
        List<Dialect> metered = new ArrayList<>();
        for (Dialect draft : DRAFTS) {
            // As parts of vocabularies, keywords would replace these.
            metered.add(Dialect.builder(draft)
                    .vocabularies(Map::clear)
                    .keywords(keywords -> draft.getKeywords().forEach((name, keyword) -> {
                        if (!name.equals(FORMAT)) {
                            keywords.put(name, new Metered(keyword, budget));
                        }
                    }))
                    .build());
        }
        return new BasicDialectRegistry(metered);
    }

    private record Metered(Keyword keyword, CheckBudget budget) implements Keyword {
        @Override
        public String getValue() {
            return keyword.getValue();
        }

        @Override
        public @Nullable KeywordValidator newValidator(
                SchemaLocation location, JsonNode node, Schema parent, SchemaContext context) throws Exception {
            budget.spend(STEPS_EACH);
            KeywordValidator validator = keyword.newValidator(location, node, parent, context);
            return validator == null ? null : new MeteredValidator(validator, STEPS_EACH + node.size(), budget);
        }
    }

    private record MeteredValidator(KeywordValidator validator, int steps, CheckBudget budget)
            implements KeywordValidator {
        @Override
        public void validate(ExecutionContext execution, JsonNode instance, JsonNode root, NodePath instanceLocation) {
            budget.spend((long) steps + instance.size());
            validator.validate(execution, instance, root, instanceLocation);
        }

        @Override
        public void preloadSchema() {
            budget.spend(steps);
            validator.preloadSchema();
        }

        @Override
        public String getKeyword() {
            return validator.getKeyword();
        }

        @Override
        public SchemaLocation getSchemaLocation() {
            return validator.getSchemaLocation();
        }
    }
}
