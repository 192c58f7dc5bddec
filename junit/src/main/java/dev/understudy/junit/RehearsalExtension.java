package dev.understudy.junit;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts a {@link Rehearsal} for the tests of a class, and passes it to them as a parameter.
 *
 * <p>Registered on a class ({@code @ExtendWith}) or in a static field ({@code @RegisterExtension}), it starts one provider for all
 * tests of the class and its nested classes; its counts begin anew before each test, as long as no other test of the class runs.
 * Registered in a field of the instance or on a method, it starts one for each test.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final RehearsalExtension PROVIDER = new RehearsalExtension();
 *
 * @DynamicPropertySource
 * static void properties(DynamicPropertyRegistry registry) {
 *     registry.add("spring.ai.openai.base-url", () -> PROVIDER.rehearsal().baseUrl());
 * }
 * }</pre>
 */
public final class RehearsalExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {

    private final Set<String> classes = new HashSet<>();
    private final Set<String> tests = new HashSet<>();
    private Optional<Rehearsal> started = Optional.empty();

    /** For the one field or annotation that registers it. */
    public RehearsalExtension() {}

    /**
     * The provider that runs.
     *
     * @throws IllegalStateException if none runs: before the first test, or after the last
     */
    public synchronized Rehearsal rehearsal() {
        return started.orElseThrow(
                () -> new IllegalStateException("the rehearsal provider does not run yet, or no longer;"
                        + " register the extension in a static field to use it before the test's instance is made"));
    }

    @Override
    public synchronized void beforeAll(ExtensionContext context) {
        start();
        classes.add(context.getUniqueId());
    }

    @Override
    public synchronized void beforeEach(ExtensionContext context) {
        start();
        if (tests.isEmpty()) {
            rehearsal().forget();
        }
        tests.add(context.getUniqueId());
    }

    private void start() {
        if (started.isEmpty()) {
            started = Optional.of(Rehearsal.start());
        }
    }

    @Override
    public synchronized void afterEach(ExtensionContext context) {
        tests.remove(context.getUniqueId());
        closeIfUnused();
    }

    @Override
    public synchronized void afterAll(ExtensionContext context) {
        classes.remove(context.getUniqueId());
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (classes.isEmpty() && tests.isEmpty()) {
            started.ifPresent(Rehearsal::close);
            started = Optional.empty();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(Rehearsal.class);
    }

    @Override
    public synchronized Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return started.orElseThrow(() -> new ParameterResolutionException("the rehearsal provider does not run yet;"
                + " register the extension on the class to pass it to a constructor"));
    }
}
