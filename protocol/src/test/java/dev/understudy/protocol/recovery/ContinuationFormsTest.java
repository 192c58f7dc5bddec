package dev.understudy.protocol.recovery;

import static dev.understudy.protocol.recovery.ContinuationForm.PREFILL;
import static dev.understudy.protocol.recovery.ContinuationForm.TURN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContinuationFormsTest {

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-5.1, TURN",
        "azure/gpt-5.1, TURN",
        "xai/grok-4, TURN",
        "deepseek/deepseek-chat, TURN",
        "mistral/mistral-large, PREFIX",
        "vllm/llama, FINAL_MESSAGE",
        "VLLM/llama, FINAL_MESSAGE",
        "anthropic/claude-sonnet-4-5, PREFILL",
        "openrouter/openai/gpt-5.1, PREFILL",
        "local/llama, PREFILL",
        "llama, PREFILL"
    })
    void aTargetBeginsWithItsProvidersForm(String target, ContinuationForm form) {
        assertThat(new ContinuationForms().formFor(target)).isEqualTo(form);
    }

    @Test
    void aTargetThatRefusesGetsATurnFromThenOn() {
        ContinuationForms forms = new ContinuationForms();
        assertThat(forms.anotherForm("anthropic/claude", PREFILL)).isFalse();

        forms.refused("anthropic/claude", PREFILL);

        assertThat(forms.formFor("anthropic/claude")).isEqualTo(TURN);
        assertThat(forms.anotherForm("anthropic/claude", PREFILL)).isTrue();
        assertThat(forms.formFor("anthropic/older")).isEqualTo(PREFILL);
    }

    @Test
    void whoRefusesATurnHasNoOtherForm() {
        ContinuationForms forms = new ContinuationForms();
        forms.refused("openai/gpt", TURN);
        forms.refused("local/llama", TURN);

        assertThat(forms.anotherForm("openai/gpt", TURN)).isFalse();
        assertThat(forms.formFor("local/llama")).as("nothing was learned").isEqualTo(PREFILL);
    }

    @Test
    void whatIsLearnedHasBounds() {
        ContinuationForms forms = new ContinuationForms();
        IntStream.range(0, 25_000).forEach(i -> forms.refused("p/m" + i, PREFILL));

        long remembered = IntStream.range(0, 25_000)
                .filter(i -> forms.formFor("p/m" + i) == TURN)
                .count();
        assertThat(remembered).isBetween(1L, 10_000L);
        assertThat(forms.formFor("p/m24999")).as("the last one").isEqualTo(TURN);
    }

    @Test
    void severalThreadsLearnAtOnce() throws Exception {
        ContinuationForms forms = new ContinuationForms();
        CountDownLatch together = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            var learners = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(thread -> threads.submit(() -> {
                        together.await();
                        for (int i = thread; i < 4000; i += 4) {
                            forms.refused("p/m" + i, PREFILL);
                        }
                        return true;
                    }))
                    .toList();
            together.countDown();
            for (Future<?> learner : learners) {
                learner.get();
            }
        }
        assertThat(IntStream.range(0, 4000).allMatch(i -> forms.formFor("p/m" + i) == TURN))
                .isTrue();
    }
}
