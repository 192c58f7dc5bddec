package dev.understudy.examples.plain;

import dev.understudy.client.Completion;
import dev.understudy.client.CompletionRequest;
import dev.understudy.client.CompletionStream;
import dev.understudy.client.Understudy;
import java.io.PrintStream;

/**
 * Sends one question, whole and as a stream, and prints the answers and the trail. The providers are those whose keys are in the
 * environment, such as {@code OPENAI_API_KEY} and {@code ANTHROPIC_API_KEY}. Arguments: the model and its fallback.
 */
public final class FirstCall {
    private FirstCall() {}

    /** Runs the example. */
    public static void main(String[] arguments) {
        String model = arguments.length > 0 ? arguments[0] : "gpt-5.1";
        String fallback = arguments.length > 1 ? arguments[1] : "claude-sonnet-4-5";
        try (Understudy understudy = Understudy.create()) {
            ask(understudy, model, fallback, System.out);
        }
    }

    static void ask(Understudy understudy, String model, String fallback, PrintStream out) {
        CompletionRequest request = CompletionRequest.of(model)
                .user("Why is the sky blue?")
                .fallbacks(fallback)
                .build();

        Completion answer = understudy.completion(request);
        out.println("Answer: " + answer.text());
        out.println("Trail: " + answer.trail());

        out.print("Stream: ");
        try (CompletionStream stream = understudy.stream(request)) {
            stream.forEachRemaining(chunk -> out.print(chunk.text()));
        }
        out.println();
    }
}
