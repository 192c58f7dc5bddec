package dev.understudy.compat.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same for clients who can also name the address of a picture, which all but Amazon's can. */
abstract class CrossingWithAddresses extends Crossing {
    private static final String ADDRESS = "https://pictures.example/dot.png";

    /** What the model says to a picture at an address. */
    abstract String lookAt(String model, String url);

    /** Bedrock takes pictures as bytes or out of a bucket. */
    @ParameterizedTest
    @EnumSource(mode = EXCLUDE, names = "BEDROCK")
    void aPictureIsShownByItsAddress(Upstream upstream) {
        assertThat(lookAt(upstream.model(), ADDRESS)).isEqualTo("I see the picture at " + ADDRESS + ".");
    }
}
