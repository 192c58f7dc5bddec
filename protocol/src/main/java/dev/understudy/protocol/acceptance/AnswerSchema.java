package dev.understudy.protocol.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpression;
import dev.understudy.protocol.options.AnswerPattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A JSON Schema that a request brought for its answers.
 *
 * <p>It comes from a caller: it may not load anything from anywhere, nothing of it is kept for other requests, its patterns run in
 * linear time, and all that it costs is counted ({@link CheckBudget}). A schema that cannot be used, and a pattern that RE2 cannot
 * read, forbid nothing: what the provider accepted as a schema is no fault of its answer.
 */
final class AnswerSchema {
    /** The schemas of schemas, which the library brings with it. */
    private static final SchemaRegistry DRAFTS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static final Map<SpecificationVersion, Schema> SCHEMAS_OF_SCHEMAS = new ConcurrentHashMap<>();

    private final Schema schema;
    private final CheckBudget budget;

    private AnswerSchema(Schema schema, CheckBudget budget) {
        this.schema = schema;
        this.budget = budget;
    }

    /**
     * Compiles a schema; empty if it cannot be used.
     *
     * @throws CheckTooExpensive if it is too large
     */
    static Optional<AnswerSchema> of(JsonNode schema, CheckBudget budget) {
        budget.admitSchemaValues(values(schema));
        try {
            SpecificationVersion draft =
                    SpecificationVersion.fromSchemaNode(schema).orElse(SpecificationVersion.DRAFT_2020_12);
            Schema rules = SCHEMAS_OF_SCHEMAS.computeIfAbsent(
                    draft, version -> DRAFTS.getSchema(SchemaLocation.of(version.getDialectId())));
            // Without this a slip such as "type": "objekt" would make every answer wrong. Its cost is linear.
            if (!rules.validate(schema).isEmpty()) {
                return Optional.empty();
            }
            Schema compiled = registry(budget).getSchema(schema);
            throwIfExhausted(budget);
            return Optional.of(new AnswerSchema(compiled, budget));
        } catch (RuntimeException | StackOverflowError unusable) {
            throwIfExhausted(budget);
            return Optional.empty();
        }
    }

    private static int values(JsonNode node) {
        int values = 1;
        for (JsonNode child : node) {
            values += values(child);
        }
        return values;
    }

    private static SchemaRegistry registry(CheckBudget budget) {
        return SchemaRegistry.builder()
                .defaultDialectId(SpecificationVersion.DRAFT_2020_12.getDialectId())
                .dialectRegistry(MeteredKeywords.drafts(budget))
                .schemaCacheEnabled(false)
                .schemaLoader(loader -> loader.block(address -> true))
                .schemaRegistryConfig(SchemaRegistryConfig.builder()
                        .regularExpressionFactory(regex -> expression(regex, budget))
                        .build())
                .build();
    }

    private static RegularExpression expression(String regex, CheckBudget budget) {
        AnswerPattern pattern;
        try {
            pattern = AnswerPattern.of(regex);
        } catch (IllegalArgumentException unreadable) {
            return text -> true;
        }
        // The library logs exceptions of expressions, with the expression, which is the caller's; the next keyword
        // throws again.
        try {
            budget.spendPattern(pattern.size());
        } catch (CheckTooExpensive given) {
            return text -> true;
        }
        return text -> {
            try {
                return pattern.isIn(budget.metered(text));
            } catch (CheckTooExpensive given) {
                return true;
            }
        };
    }

    /**
     * The keyword of the schema that the content does not meet, such as {@code required}; empty if it meets all.
     *
     * @throws CheckTooExpensive if that cannot be found out within the budget
     */
    Optional<String> brokenBy(JsonNode content) {
        try {
            List<Error> errors = schema.validate(content);
            throwIfExhausted(budget);
            return errors.isEmpty()
                    ? Optional.empty()
                    : Optional.of(errors.getFirst().getKeyword());
        } catch (RuntimeException | StackOverflowError unusable) {
            throwIfExhausted(budget);
            // References that lead nowhere, or round in a circle, show only here.
            return Optional.empty();
        }
    }

    /** The library wraps exceptions. */
    private static void throwIfExhausted(CheckBudget budget) {
        if (budget.isExhausted()) {
            throw new CheckTooExpensive();
        }
    }
}
