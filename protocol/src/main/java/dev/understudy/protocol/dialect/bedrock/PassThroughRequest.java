package dev.understudy.protocol.dialect.bedrock;

import dev.understudy.protocol.dialect.MessageHistory;
import dev.understudy.protocol.dialect.MessageHistory.Block;
import dev.understudy.protocol.dialect.MessageHistory.Kind;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits.Vendor;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.ByteSearch;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Splice;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A caller's Converse request for a target of the same dialect: the ids of its tool calls are unique, and for Claude models what an
 * answer of another vendor has left in the conversation is taken out, and reasoning with a budget switched off where Claude would
 * refuse it for that reason.
 *
 * @see ReasoningPlan
 */
final class PassThroughRequest {
    private static final NameTable BLOCK = NameTable.of("toolUse", "toolResult", "reasoningContent");
    private static final NameTable TOOL = NameTable.of("toolUseId");
    private static final NameTable REASONING = NameTable.of("reasoningText", "redactedContent", "signature");
    private static final Set<String> SETTINGS = Set.of("thinking", "reasoning_config");
    private static final String FIELDS = "additionalModelRequestFields";

    private PassThroughRequest() {}

    static WrittenRequest fitted(byte[] body, ModelCapabilities capabilities) {
        boolean claude = capabilities.traits().vendor() == Vendor.ANTHROPIC;
        boolean calls = ByteSearch.mayBeIn(body, "\"toolUse\"");
        if (!calls && !(claude && ByteSearch.mayBeIn(body, "\"reasoningText\""))) {
            return new WrittenRequest(body, List.of());
        }
        Optional<MessageHistory> history = MessageHistory.read(body, walk -> block(walk, claude));
        if (history.isEmpty()) {
            return new WrittenRequest(body, List.of());
        }
        byte[] fitted = history.get().fitted();
        return claude && history.get().lacksReasoning()
                ? withoutReasoning(fitted)
                : new WrittenRequest(fitted, List.of());
    }

    /** All of Claude's own reasoning is signed; other models sign none and accept any. */
    private static Block block(JsonWalk walk, boolean claude) throws MalformedJson {
        Block[] read = {Block.of(Kind.OTHER)};
        walk.object(BLOCK, name -> {
            switch (name) {
                case "toolUse" -> read[0] = tool(walk, Kind.CALL);
                case "toolResult" -> read[0] = tool(walk, Kind.RESULT);
                case "reasoningContent" ->
                    read[0] = Block.of(isSealed(walk) || !claude ? Kind.REASONING : Kind.FOREIGN_REASONING);
                default -> {}
            }
        });
        return read[0];
    }

    private static Block tool(JsonWalk walk, Kind kind) throws MalformedJson {
        Block[] read = {Block.of(kind)};
        walk.object(TOOL, name -> {
            if (!name.isEmpty()) {
                read[0] = new Block(kind, walk.text(), MessageHistory.here(walk));
            }
        });
        return read[0];
    }

    private static boolean isSealed(JsonWalk walk) throws MalformedJson {
        boolean[] sealed = {false};
        walk.object(REASONING, name -> {
            switch (name) {
                case "reasoningText" ->
                    walk.object(
                            REASONING,
                            member -> sealed[0] |=
                                    !member.isEmpty() && !walk.text().isEmpty());
                case "redactedContent" -> sealed[0] |= !walk.text().isEmpty();
                default -> {}
            }
        });
        return sealed[0];
    }

    /** Adaptive reasoning has no such rule. */
    private static WrittenRequest withoutReasoning(byte[] body) {
        try {
            Members members = Members.scan(body, BodyLimits.ofDefaults());
            int fields = members.indexOf(FIELDS);
            if (fields < 0) {
                return new WrittenRequest(body, List.of());
            }
            Members inner =
                    Members.scan(members.json(fields).getBytes(StandardCharsets.UTF_8), BodyLimits.ofDefaults());
            Set<String> enabled = new HashSet<>();
            for (int i = 0; i < inner.size(); i++) {
                if (SETTINGS.contains(inner.name(i))
                        && JsonTrees.of(inner.json(i)).path("type").asText("").equals("enabled")) {
                    enabled.add(inner.name(i));
                }
            }
            if (enabled.isEmpty()) {
                return new WrittenRequest(body, List.of());
            }
            String rest = new String(Splice.without(enabled::contains, inner).apply(List.of()), StandardCharsets.UTF_8);
            return new WrittenRequest(
                    Splice.without(name -> false, members).apply(List.of(new Splice.Edit(FIELDS, rest))),
                    List.of(ReasoningPlan.LACKS_REASONING));
        } catch (BadRequest unreadable) {
            // The provider reports what is wrong with it.
            return new WrittenRequest(body, List.of());
        }
    }
}
