package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.MessageHistory;
import dev.understudy.protocol.dialect.MessageHistory.Block;
import dev.understudy.protocol.dialect.MessageHistory.Kind;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.ByteSearch;
import dev.understudy.protocol.json.JsonPatches.Span;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Splice;
import dev.understudy.protocol.json.Splice.Edit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A caller's request of this dialect for a target of the same dialect. What an answer of another vendor has left in the
 * conversation is taken out, and reasoning with a budget is switched off where Anthropic would refuse it for that reason.
 *
 * @see ReasoningPlan
 */
final class PassThroughRequest {
    /** An edit of {@code context_management} that Anthropic refuses without reasoning. */
    private static final String CLEAR_THINKING = "clear_thinking";

    private static final NameTable BLOCK = NameTable.of("type", "id", "tool_use_id", "signature");

    private PassThroughRequest() {}

    static WrittenRequest fitted(byte[] body, ModelCapabilities capabilities) {
        // Other vendors' servers of this dialect have reasoning without signatures, and require it back.
        boolean ownModel = !capabilities.traits().has(ModelTraits.Flag.REASONING_BACK);
        boolean calls = ByteSearch.mayBeIn(body, "\"tool_use\"");
        if (!ownModel || (!calls && !ByteSearch.mayBeIn(body, "\"thinking\""))) {
            return new WrittenRequest(body, List.of());
        }
        Optional<MessageHistory> history = MessageHistory.read(body, PassThroughRequest::block);
        if (history.isEmpty()) {
            return new WrittenRequest(body, List.of());
        }
        byte[] fitted = history.get().fitted();
        return calls && history.get().lacksReasoning()
                ? withoutReasoning(fitted)
                : new WrittenRequest(fitted, List.of());
    }

    /** All of Anthropic's own reasoning is signed. */
    private static Block block(JsonWalk walk) throws MalformedJson {
        String[] type = {""};
        boolean[] signed = {false};
        String[] id = {""};
        Span[] at = {new Span(0, 0)};
        walk.object(BLOCK, name -> {
            switch (name) {
                case "type" -> type[0] = walk.text();
                case "signature" -> signed[0] = !walk.text().isEmpty();
                case "id", "tool_use_id" -> {
                    id[0] = walk.text();
                    at[0] = MessageHistory.here(walk);
                }
                default -> {}
            }
        });
        return switch (type[0]) {
            case "thinking" -> Block.of(signed[0] ? Kind.REASONING : Kind.FOREIGN_REASONING);
            case "redacted_thinking" -> Block.of(Kind.REASONING);
            case "tool_use" -> new Block(Kind.CALL, id[0], at[0]);
            case "tool_result" -> new Block(Kind.RESULT, id[0], at[0]);
            default -> Block.of(Kind.OTHER);
        };
    }

    /** Adaptive reasoning has no such rule. */
    private static WrittenRequest withoutReasoning(byte[] body) {
        try {
            Members members = Members.scan(body, BodyLimits.ofDefaults());
            int thinking = members.indexOf("thinking");
            if (thinking < 0
                    || !JsonTrees.of(members.json(thinking))
                            .path("type")
                            .asText("")
                            .equals("enabled")) {
                return new WrittenRequest(body, List.of());
            }
            Set<String> removed = new HashSet<>(Set.of("thinking"));
            List<Edit> edits = new ArrayList<>();
            int management = members.indexOf("context_management");
            if (management >= 0) {
                contextManagement(JsonTrees.of(members.json(management)), removed, edits);
            }
            return new WrittenRequest(
                    Splice.without(removed::contains, members).apply(edits), List.of(ReasoningPlan.LACKS_REASONING));
        } catch (BadRequest unreadable) {
            // The provider reports what is wrong with it.
            return new WrittenRequest(body, List.of());
        }
    }

    private static void contextManagement(JsonNode value, Set<String> removed, List<Edit> edits) {
        if (!(value instanceof ObjectNode settings)) {
            return;
        }
        boolean changed = false;
        Iterator<JsonNode> each = settings.path("edits").iterator();
        while (each.hasNext()) {
            if (each.next().path("type").asText("").startsWith(CLEAR_THINKING)) {
                each.remove();
                changed = true;
            }
        }
        if (changed && settings.path("edits").isEmpty() && settings.size() == 1) {
            removed.add("context_management");
        } else if (changed) {
            edits.add(new Edit("context_management", settings.toString()));
        }
    }
}
