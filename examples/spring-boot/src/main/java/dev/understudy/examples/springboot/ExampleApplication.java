package dev.understudy.examples.springboot;

import dev.understudy.spring.FallbackChatModel;
import java.util.Objects;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * Asks one question, whole and as a stream, and prints the answers with the trail of the call. The chain is in {@code
 * application.yaml}; the code knows nothing of it, except where it prints the trail.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class ExampleApplication {

    /** Runs the example. Arguments are properties, such as {@code --understudy.chain=openAiChatModel}. */
    public static void main(String[] arguments) {
        SpringApplication.run(ExampleApplication.class, arguments).close();
    }

    @Bean
    CommandLineRunner question(ChatClient.Builder clients) {
        ChatClient client = clients.build();
        return arguments -> {
            ChatResponse response = Objects.requireNonNull(
                    client.prompt("Why is the sky blue?").call().chatResponse());
            System.out.println("Answer: "
                    + Objects.requireNonNull(response.getResult()).getOutput().getText());
            FallbackChatModel.trail(response).ifPresent(trail -> System.out.println("Trail: " + trail));

            System.out.print("Stream: ");
            client.prompt("And at sunset?").stream()
                    .content()
                    .doOnNext(System.out::print)
                    .blockLast();
            System.out.println();
        };
    }
}
