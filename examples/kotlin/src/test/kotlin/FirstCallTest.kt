package dev.understudy.examples.kotlin

import dev.understudy.client.Understudy
import dev.understudy.junit.Rehearsal
import dev.understudy.junit.RehearsalExtension
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith

@ExtendWith(RehearsalExtension::class)
class FirstCallTest {
    @Test
    fun theFallbackAnswers(rehearsal: Rehearsal) {
        val environment = mapOf("OPENAI_API_KEY" to "any", "OPENAI_BASE_URL" to rehearsal.baseUrl())
        Understudy.builder().environment(environment).build().use { understudy ->
            assertThat(understudy.ask("openai/${rehearsal.error(500)}", "openai/${rehearsal.ok("Rayleigh scattering.")}"))
                .contains("Answer: Rayleigh scattering.")
                .contains("Stream: Rayleigh scattering.")
                .contains("Trail: ")
        }
    }
}
