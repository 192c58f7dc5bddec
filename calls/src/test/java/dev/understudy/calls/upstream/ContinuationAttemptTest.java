package dev.understudy.calls.upstream;

import static dev.understudy.protocol.recovery.ContinuationForm.FINAL_MESSAGE;
import static dev.understudy.protocol.recovery.ContinuationForm.PREFILL;
import static dev.understudy.protocol.recovery.ContinuationForm.TURN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.plan.PlannedTarget;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.recovery.ContinuationForms;
import dev.understudy.protocol.recovery.DeliveredPart;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The form of a continuation request, and what is learned from a refusal. */
class ContinuationAttemptTest {
    private static final PartialAnswer ANSWER = new PartialAnswer(
            "Half", new DeliveredPart("id", OptionalLong.empty(), OptionalLong.empty(), 1), StreamPosition.START);

    private final ContinuationForms forms = new ContinuationForms();

    private static PlannedTarget target(String target) throws InvalidSettings {
        Route route = Catalog.of(new SettingsReader(Environment.of(Map.of())).read("test.yaml", """
                        providers:
                          own: {base-url: "http://127.0.0.1:1/v1", continue-with: final-message}
                          any: {base-url: "http://127.0.0.1:1/v1"}
                        """))
                .resolve(target)
                .getFirst();
        return new PlannedTarget(route, Api.CHAT, List.of());
    }

    private static FailureKind refusedBy(ContinuationAttempt continuing) {
        Signal interpreted = continuing.interpret(new Signal.Failed(1, Failure.of(FailureKind.BAD_REQUEST, "no")));
        return ((Signal.Failed) interpreted).failure().kind();
    }

    @Test
    void whatIsConfiguredStays() throws InvalidSettings {
        ContinuationAttempt continuing = ContinuationAttempt.of(ANSWER, target("own/m"), forms);
        assertThat(continuing.form()).isEqualTo(FINAL_MESSAGE);
        assertThat(refusedBy(continuing)).as("there is no other form").isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(ContinuationAttempt.of(ANSWER, target("own/m"), forms).form())
                .isEqualTo(FINAL_MESSAGE);
    }

    @Test
    void aRefusedFormIsReplacedByATurn() throws InvalidSettings {
        ContinuationAttempt continuing = ContinuationAttempt.of(ANSWER, target("any/m"), forms);
        assertThat(continuing.form()).isEqualTo(PREFILL);
        assertThat(refusedBy(continuing)).isEqualTo(FailureKind.CONTINUATION_REFUSED);
        ContinuationAttempt again = ContinuationAttempt.of(ANSWER, target("any/m"), forms);
        assertThat(again.form()).isEqualTo(TURN);
        assertThat(refusedBy(again)).as("there is no other form").isEqualTo(FailureKind.UNSUPPORTED);
    }
}
