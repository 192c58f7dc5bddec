package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.model.ModelTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Signatures and encrypted reasoning come back to the vendor that made them, and to no other: docs/decisions/0026. There is no mark of
 * their origin in them; it is known by where they stand.
 */
class OpaqueFieldsTest {
    /** What each vendor of {@link LoopVendor} puts into its answers. */
    private static final Map<LoopVendor, String> OPAQUE = Map.of(
            LoopVendor.ANTHROPIC, "Y2xhdWRl",
            LoopVendor.BEDROCK, "Y2xhdWRl",
            LoopVendor.GEMINI, "Z2Vt",
            LoopVendor.RESPONSES, "b3Blbg");

    /** These ignore members that they do not know, so a chat history is passed through to them as it is. */
    private static final Set<LoopVendor> LENIENT = Set.of(LoopVendor.DEEPSEEK, LoopVendor.KIMI);

    private static String next(LoopClient client, LoopVendor from, LoopVendor to) throws Exception {
        List<String> turns = new ArrayList<>();
        byte[] body = client.request(client.body(turns));
        CallerRequest request = CallerRequest.read(client.own.dialect, body, "m", false);
        RequestTranslator translator = new RequestTranslator(request);
        byte[] answer = from.answer(0).getBytes(UTF_8);
        WholeAnswerResult.Accepted result = (WholeAnswerResult.Accepted) new ResponseTranslator(
                        from.dialect, client.own.dialect, from.model, request::context, AnswerRules.DEFAULT)
                .whole("application/json")
                .read(answer, 0, answer.length);
        client.append(JsonTrees.of(new String(result.written().orElse(answer), UTF_8)), turns);

        byte[] second = client.request(client.body(turns));
        return new String(
                new RequestTranslator(CallerRequest.read(client.own.dialect, second, "m", false))
                        .to(to.dialect, to.model, ModelTable.of(to.model), List.of())
                        .body(),
                UTF_8);
    }

    @ParameterizedTest
    @EnumSource(
            value = LoopClient.class,
            names = {"OLLAMA"},
            mode = EnumSource.Mode.EXCLUDE)
    void theyGoToNoOtherVendor(LoopClient client) throws Exception {
        for (LoopVendor from : OPAQUE.keySet()) {
            String opaque = OPAQUE.get(from);
            for (LoopVendor to : LoopVendor.values()) {
                boolean passedThrough = client == LoopClient.CHAT && LENIENT.contains(to);
                if (!opaque.equals(OPAQUE.get(to)) && !passedThrough) {
                    assertThat(next(client, from, to))
                            .as(client + ": of " + from + " to " + to)
                            .doesNotContain(opaque);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = LoopClient.class,
            names = {"OLLAMA"},
            mode = EnumSource.Mode.EXCLUDE)
    void theyComeBackToTheirOwnWhereTheCallersDialectHasAPlaceForThem(LoopClient client) throws Exception {
        List<LoopVendor> kept = switch (client) {
            case CHAT -> List.of(LoopVendor.ANTHROPIC, LoopVendor.BEDROCK, LoopVendor.GEMINI);
            case MESSAGES, CONVERSE -> List.of(LoopVendor.ANTHROPIC, LoopVendor.BEDROCK);
            case GENERATE_CONTENT -> List.of(LoopVendor.GEMINI);
            case RESPONSES -> List.of(LoopVendor.RESPONSES);
            case OLLAMA -> List.of();
        };
        for (LoopVendor from : kept) {
            for (LoopVendor to : OPAQUE.keySet()) {
                if (OPAQUE.getOrDefault(to, "").equals(OPAQUE.get(from))) {
                    assertThat(next(client, from, to))
                            .as(client + ": of " + from + " to " + to)
                            .contains(OPAQUE.get(from));
                }
            }
        }
    }
}
