package dev.understudy.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class OwnRetriesTest {
    @Test
    void retriesThatTheApplicationHasNotSetAreNamed() {
        assertThat(OwnRetries.unset(new MockEnvironment()))
                .containsExactly("spring.ai.retry.max-attempts=1", "spring.ai.openai.chat.max-retries=0");
    }

    @Test
    void retriesThatTheApplicationHasSetAreItsOwnChoice() {
        MockEnvironment environment = new MockEnvironment()
                .withProperty("spring.ai.retry.max-attempts", "3")
                .withProperty("spring.ai.openai.max-retries", "2");

        assertThat(OwnRetries.unset(environment)).isEmpty();
    }
}
