package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import dev.understudy.protocol.json.BadRequest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are taken for those of one conversation. */
class ConversationNumberTest {
    private static final String SYSTEM = "{\"role\":\"system\",\"content\":\"Be kind.\"}";
    private static final String HI = "{\"role\":\"user\",\"content\":\"Hi\"}";
    private static final String HELLO = "{\"role\":\"assistant\",\"content\":\"Hello\"}";
    private static final String MORE = "{\"role\":\"user\",\"content\":\"More\"}";

    private static OptionalLong number(Dialect dialect, String body, Map<String, String> headers) throws BadRequest {
        HeaderLookup lookup = name -> Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        return CallerRequest.read(dialect, body.getBytes(UTF_8), "m", false).conversation(lookup);
    }

    private static OptionalLong chat(String members, String... messages) throws BadRequest {
        return number(
                new OpenAiDialect(), "{" + members + "\"messages\":[" + String.join(",", messages) + "]}", Map.of());
    }

    @Test
    void laterTurnsOfAConversationHaveItsNumber() throws BadRequest {
        OptionalLong first = chat("", SYSTEM, HI);
        assertThat(first).isPresent();
        assertThat(chat("", SYSTEM, HI, HELLO, MORE)).isEqualTo(first);
        assertThat(chat("\"temperature\":0,", SYSTEM, HI, HELLO, MORE, HELLO)).isEqualTo(first);
    }

    @Test
    void anotherBeginningIsAnotherConversation() throws BadRequest {
        Set<OptionalLong> numbers = new HashSet<>();
        numbers.add(chat("", SYSTEM, HI));
        numbers.add(chat("", HI));
        numbers.add(chat("", SYSTEM, MORE));
        numbers.add(chat("", SYSTEM.replace("kind", "mean"), HI));
        numbers.add(chat("", SYSTEM, HI.replace("Hi", "Hi ")));
        for (int i = 0; i < 1_000; i++) {
            numbers.add(chat("", SYSTEM, HI.replace("Hi", "Question " + i)));
        }
        assertThat(numbers).hasSize(1_005);
    }

    /** Clients write a message as blocks once they mark it for the provider's cache, and move the marks. */
    @Test
    void marksOfPromptCachesChangeNothing() throws BadRequest {
        String marked = "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\","
                + "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]}";
        assertThat(chat("", SYSTEM, marked, HELLO, MORE)).isEqualTo(chat("", SYSTEM, HI));
    }

    @Test
    void everyDialectHasABeginning() throws BadRequest {
        OptionalLong claude = number(
                new AnthropicDialect(),
                "{\"max_tokens\":9,\"system\":[{\"type\":\"text\",\"text\":\"S\"}],\"messages\":[" + HI + "]}",
                Map.of());
        assertThat(claude)
                .isPresent()
                .isEqualTo(number(
                        new AnthropicDialect(),
                        "{\"max_tokens\":9,\"system\":\"S\",\"messages\":[" + HI + "," + HELLO + "," + MORE + "]}",
                        Map.of()));
        OptionalLong gemini = number(
                new GeminiDialect(), "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}", Map.of());
        assertThat(gemini)
                .isPresent()
                .isEqualTo(number(
                        new GeminiDialect(),
                        "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}],\"role\":\"user\"},"
                                + "{\"role\":\"model\",\"parts\":[{\"text\":\"x\"}]}]}",
                        Map.of()));
        OptionalLong response = number(new ResponsesDialect(), "{\"instructions\":\"S\",\"input\":\"Hi\"}", Map.of());
        assertThat(response)
                .isPresent()
                .isEqualTo(number(
                        new ResponsesDialect(),
                        "{\"instructions\":\"S\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\","
                                + "\"text\":\"Hi\"}]},{\"type\":\"message\",\"role\":\"assistant\",\"content\":[]}]}",
                        Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"prompt_cache_key\":\"k\",\"user\":\"other\",",
                "\"metadata\":{\"a\":[1,{\"session_id\":\"inner\"}],\"session_id\":\"k\"},\"user\":\"other\",",
                "\"thread_identifier\":\"k\",",
                "\"user\":\"k\",",
                "\"safety_identifier\":\"k\",",
                "\"metadata\":{\"user_id\":\"k\"},"
            })
    void aSessionGoesBeforeAUserAndBothGoBeforeTheBeginning(String members) throws BadRequest {
        assertThat(chat(members, HI)).isPresent().isEqualTo(chat(members, SYSTEM, MORE));
        assertThat(chat(members, HI)).isEqualTo(chat("\"user\":\"k\",", HI)).isNotEqualTo(chat("", HI));
    }

    @ParameterizedTest
    @CsvSource({
        "understudy-session, true",
        "x-session-id, true",
        "session_id, true",
        "x-litellm-session-id, true",
        "helicone-session-id, true",
        "x-request-id, false"
    })
    void aHeaderGoesBeforeTheBody(String header, boolean decides) throws BadRequest {
        OptionalLong one =
                number(new OpenAiDialect(), "{\"messages\":[" + HI + "],\"user\":\"u\"}", Map.of(header, "s"));
        OptionalLong other =
                number(new OpenAiDialect(), "{\"messages\":[" + MORE + "],\"user\":\"v\"}", Map.of(header, "s"));
        assertThat(one.equals(other)).isEqualTo(decides);
        assertThat(CallerRequest.mayNameConversation(header.toUpperCase(Locale.ROOT)))
                .isEqualTo(decides);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"messages\":[]}", "{\"messages\":[],\"user\":\"\",\"metadata\":null}"})
    void aRequestWithoutABeginningHasNone(String body) throws BadRequest {
        assertThat(number(new OpenAiDialect(), body, Map.of("x-session-id", " ")))
                .isEmpty();
    }

    @Test
    void aLongPromptCountsByItsEndsAndItsLength() throws BadRequest {
        String text = "word ".repeat(20_000);
        String longPrompt = SYSTEM.replace("Be kind.", text);
        assertThat(chat("", longPrompt, HI)).isEqualTo(chat("", longPrompt, HI, HELLO, MORE));
        assertThat(chat("", longPrompt, HI))
                .isNotEqualTo(chat("", longPrompt, MORE))
                .isNotEqualTo(chat("", longPrompt.replace("word \"", "work \""), HI))
                .isNotEqualTo(chat("", longPrompt.replace("word \"", "word x\""), HI));
    }

    /** Replicas must agree, also across versions. */
    @Test
    void theNumberIsTheSameInEveryProcess() throws BadRequest {
        assertThat(chat("", SYSTEM, HI)).hasValue(6_063_935_248_387_829_196L);
    }
}
