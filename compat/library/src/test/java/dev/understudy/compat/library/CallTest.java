package dev.understudy.compat.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.understudy.client.Completion;
import dev.understudy.client.CompletionRequest;
import dev.understudy.client.CompletionStream;
import dev.understudy.client.Understudy;
import dev.understudy.junit.Rehearsal;
import dev.understudy.junit.RehearsalExtension;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The library as a repository has it, with no more on the class path than its artifacts bring. */
@ExtendWith(RehearsalExtension.class)
class CallTest {
    private static final String TEXT = "Rayleigh scattering.";

    private static Understudy client(Rehearsal rehearsal) {
        return Understudy.builder()
                .environment(Map.of("OPENAI_API_KEY", "any", "OPENAI_BASE_URL", rehearsal.baseUrl()))
                .build();
    }

    private static CompletionRequest request(Rehearsal rehearsal) {
        return CompletionRequest.of("openai/" + rehearsal.error(500))
                .user("Why is the sky blue?")
                .fallbacks("openai/" + rehearsal.ok(TEXT))
                .build();
    }

    @Test
    void theFallbackAnswers(Rehearsal rehearsal) {
        try (Understudy understudy = client(rehearsal)) {
            Completion answer = understudy.completion(request(rehearsal));
            assertEquals(TEXT, answer.text());
            assertTrue(answer.trail().toString().contains(":server_error, "), answer.trail().toString());
        }
    }

    @Test
    void theFallbackStreams(Rehearsal rehearsal) {
        StringBuilder text = new StringBuilder();
        try (Understudy understudy = client(rehearsal);
                CompletionStream stream = understudy.stream(request(rehearsal))) {
            stream.forEachRemaining(chunk -> text.append(chunk.text()));
        }
        assertEquals(TEXT, text.toString());
    }

    /** An application that embeds the library gets neither a server nor a database with it. */
    @Test
    void noServerComesWithTheClient() {
        String classPath = System.getProperty("java.class.path");
        assertTrue(classPath.contains("understudy-client"));
        for (String unwanted : new String[] {"understudy-gateway", "understudy-store", "sqlite", "picocli", "openai-java"}) {
            assertTrue(!classPath.contains(unwanted), unwanted);
        }
    }
}
