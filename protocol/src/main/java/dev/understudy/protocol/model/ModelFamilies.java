package dev.understudy.protocol.model;

import dev.understudy.protocol.dialect.ModelCapabilities;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is known of models by their names, from the table {@code model-families.txt}, whose head tells how to read it.
 *
 * <p>It is a help and no promise: who knows better says so in the settings. A {@code NO} in it is certain, since a target
 * that lacks something is passed over; a {@code YES} may be wrong, which costs a refused attempt.
 */
public final class ModelFamilies {
    private static final String TABLE = "model-families.txt";
    private static final List<ModelFamily> FAMILIES = read();

    private ModelFamilies() {}

    /**
     * What a model can do. It looks through the whole table, so the answer is better kept than asked for again.
     *
     * @param model as a provider calls it, with what its catalogue puts around the name: {@code anthropic/claude-…}, {@code
     *     us.anthropic.claude-…-v1:0}, {@code claude-…@20250929}, {@code models/gemini-…}, {@code ft:gpt-…:org::id}, or a
     *     deployment that has the model in its name
     * @return {@link ModelCapabilities#UNKNOWN} for models that are not in the table
     */
    public static ModelCapabilities of(String model) {
        ModelName name = ModelName.of(model);
        for (ModelFamily family : FAMILIES) {
            if (family.has(name)) {
                return family.capabilities();
            }
        }
        return ModelCapabilities.UNKNOWN;
    }

    /** All rows, in the order in which they are tried. */
    static List<ModelFamily> all() {
        return FAMILIES;
    }

    private static List<ModelFamily> read() {
        try (InputStream table = ModelFamilies.class.getResourceAsStream(TABLE)) {
            if (table == null) {
                throw new IllegalStateException(TABLE + " is missing from the build");
            }
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(ModelFamily::parse)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
