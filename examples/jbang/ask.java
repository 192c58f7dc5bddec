///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 21+
//DEPS dev.understudy:understudy-client:0.1.0-SNAPSHOT

// Sends one question and prints the answer and the trail: jbang ask.java gpt-5.1 claude-sonnet-4-5
// The keys are taken from the environment, such as OPENAI_API_KEY and ANTHROPIC_API_KEY.
// Without JBang: java -cp CLASSPATH ask.java gpt-5.1 claude-sonnet-4-5

import static dev.understudy.client.Fallbacks.fallbacks;

import dev.understudy.client.Completion;
import dev.understudy.client.Message;
import dev.understudy.client.Understudy;
import java.util.List;

class ask {
    public static void main(String[] arguments) {
        String model = arguments.length > 0 ? arguments[0] : "gpt-5.1";
        String fallback = arguments.length > 1 ? arguments[1] : "claude-sonnet-4-5";
        List<Message> messages = List.of(Message.user("Why is the sky blue?"));
        Completion answer = Understudy.completion(model, messages, fallbacks(fallback));
        System.out.println("Answer: " + answer.text());
        System.out.println("Trail: " + answer.trail());
    }
}
