package dev.understudy.protocol.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.options.AnswerPattern;
import dev.understudy.protocol.options.FallbackOptions.AcceptOptions;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AcceptanceTest {
    private static final Optional<AnswerPattern> X = Optional.of(AnswerPattern.of("x"));

    @Test
    void aRequestTakesPrecedenceOverTheConfiguration() {
        Acceptance configured = new Acceptance(true, false, 5, Optional.empty());

        assertThat(configured.or(AcceptOptions.NONE)).isEqualTo(configured);
        assertThat(configured.or(new AcceptOptions(Optional.of(false), Optional.of(true), OptionalInt.of(0), X)))
                .isEqualTo(new Acceptance(false, true, 0, X));
        assertThat(configured.or(new AcceptOptions(Optional.empty(), Optional.of(true), OptionalInt.empty(), X)))
                .isEqualTo(new Acceptance(true, true, 5, X));
    }

    @Test
    void nothingIsCheckedByDefault() {
        assertThat(Acceptance.ANYTHING.acceptsAnything()).isTrue();
        assertThat(new Acceptance(true, false, 0, Optional.empty()).acceptsAnything())
                .isFalse();
        assertThat(new Acceptance(false, true, 0, Optional.empty()).acceptsAnything())
                .isFalse();
        assertThat(new Acceptance(false, false, 1, Optional.empty()).acceptsAnything())
                .isFalse();
        assertThat(new Acceptance(false, false, 0, X).acceptsAnything()).isFalse();
    }

    @Test
    void aLengthIsNotNegative() {
        assertThatThrownBy(() -> new Acceptance(false, false, -1, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
