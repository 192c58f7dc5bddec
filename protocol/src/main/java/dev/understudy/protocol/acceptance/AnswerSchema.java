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
 * <p>It is a stranger's: it may not load anything from anywhere, nothing of it is kept for other requests, and its
 * patterns run in linear time. A schema that cannot be used, and a pattern that RE2 cannot read, forbid nothing: what the
 * provider accepted as a schema is no fault of its answer.
 */
final class AnswerSchema {
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            registry -> registry.schemaCacheEnabled(false)
                    .schemaLoader(loader -> loader.block(address -> true))
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .regularExpressionFactory(AnswerSchema::expression)
                            .build()));

    /** The schemas of schemas, which the library brings with it. */
    private static final SchemaRegistry DRAFTS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static final Map<SpecificationVersion, Schema> SCHEMAS_OF_SCHEMAS = new ConcurrentHashMap<>();

    private final Schema schema;

    private AnswerSchema(Schema schema) {
        this.schema = schema;
    }

    /** Empty if the schema cannot be used. */
    static Optional<AnswerSchema> of(JsonNode schema) {
        try {
            SpecificationVersion draft =
                    SpecificationVersion.fromSchemaNode(schema).orElse(SpecificationVersion.DRAFT_2020_12);
            Schema rules = SCHEMAS_OF_SCHEMAS.computeIfAbsent(
                    draft, version -> DRAFTS.getSchema(SchemaLocation.of(version.getDialectId())));
            // Without this a slip such as "type": "objekt" would make every answer wrong.
            return rules.validate(schema).isEmpty()
                    ? Optional.of(new AnswerSchema(REGISTRY.getSchema(schema)))
                    : Optional.empty();
        } catch (RuntimeException | StackOverflowError unusable) {
            return Optional.empty();
        }
    }

    private static RegularExpression expression(String regex) {
        try {
            AnswerPattern pattern = AnswerPattern.of(regex);
            return pattern::isIn;
        } catch (IllegalArgumentException unreadable) {
            return text -> true;
        }
    }

    /** The keyword of the schema that the content does not meet, such as {@code required}; empty if it meets all. */
    Optional<String> brokenBy(JsonNode content) {
        try {
            List<Error> errors = schema.validate(content);
            return errors.isEmpty()
                    ? Optional.empty()
                    : Optional.of(errors.getFirst().getKeyword());
        } catch (RuntimeException | StackOverflowError unusable) {
            // References that lead nowhere, or round in a circle, show only here.
            return Optional.empty();
        }
    }
}
