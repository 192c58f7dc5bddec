package dev.understudy.examples.kotlin

import dev.understudy.client.CompletionRequest
import dev.understudy.client.Understudy
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** Sends one question and prints the answer and the trail. Arguments: the model and its fallback. */
fun main(arguments: Array<String>) {
    Understudy.create().use { understudy ->
        println(understudy.ask(arguments.getOrElse(0) { "gpt-5.1" }, arguments.getOrElse(1) { "claude-sonnet-4-5" }))
    }
}

fun Understudy.ask(model: String, fallback: String): String {
    val request = CompletionRequest.of(model)
        .user("Why is the sky blue?")
        .fallbacks(fallback)
        .build()
    val streamed = stream(request).use { stream -> stream.asSequence().joinToString("") { it.text() } }
    val answer = completion(request)
    return "Answer: ${answer.text()}\nStream: $streamed\nTrail: ${answer.trail()}"
}

/** LiteLLM's times: 45 seconds for a call, and a minute without a target that has failed. */
fun understudyWithClassicTimes(): Understudy = Understudy.builder()
    .deadline(45.seconds.toJavaDuration())
    .cooldown(60.seconds.toJavaDuration())
    .build()
