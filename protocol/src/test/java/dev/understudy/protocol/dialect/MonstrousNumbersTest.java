package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.neutral.NeutralRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that are a few bytes long, and of which the smallest calculation takes all memory. */
class MonstrousNumbersTest {
    private static final Pattern NUMBER = Pattern.compile("(?<=[:\\s])-?\\d+(\\.\\d+)?(?=[,}\\s])");

    @ParameterizedTest
    @Timeout(20)
    @ValueSource(strings = {"1e999999999", "-1e999999999", "1e-999999999", "-1e-999999999", "1e2147483647"})
    void areRefusedOrWrittenAsShortAsTheyCame(String monster) {
        int tried = 0;
        for (FuzzSeeds from : FuzzSeeds.ALL) {
            for (String request : from.requests()) {
                for (Matcher number = NUMBER.matcher(request); number.find(); tried++) {
                    everywhere(from, request.substring(0, number.start()) + monster + request.substring(number.end()));
                }
            }
        }
        assertThat(tried).isGreaterThan(20);
    }

    private static void everywhere(FuzzSeeds from, String body) {
        NeutralRequest request;
        try {
            request = from.dialect().readRequest(body.getBytes(UTF_8), false);
        } catch (BadRequest refused) {
            return;
        }
        for (FuzzSeeds to : FuzzSeeds.ALL) {
            for (String model : to.models()) {
                try {
                    WrittenRequest written = to.dialect()
                            .writeRequest(
                                    request, model, ModelCapabilities.UNKNOWN.withTraits(ModelTable.traitsOf(model)));
                    assertThat(written.body().length).isLessThan(10_000);
                    assertThat(String.join("", written.warnings()).length()).isLessThan(10_000);
                } catch (UntranslatableRequest refused) {
                    // Said, and not tried.
                }
            }
        }
    }
}
