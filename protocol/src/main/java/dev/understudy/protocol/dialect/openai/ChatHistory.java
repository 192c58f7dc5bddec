package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits.Flag;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.ByteSearch;
import dev.understudy.protocol.json.JsonCursor;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonPatches;
import dev.understudy.protocol.json.JsonPatches.Span;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Fits the conversation of a pass-through request to another provider of this dialect than the one that answered before.
 *
 * <p>Answers of compatible providers have members that OpenAI's dialect has not, and clients send them back with the message:
 * Mistral, Google and OpenAI refuse them. DeepSeek and Kimi, on the other hand, refuse a tool call that comes without the
 * reasoning that led to it, and other models' answers have none. Hosts of several vendors' models refuse some of the members whatever
 * the model; where nothing is known of a host, all of them stay.
 *
 * <p>The body is read in one pass and without a tree, and only if a member that matters may be in it; only spans are changed.
 */
final class ChatHistory {
    /** In place of reasoning that is not known: DeepSeek and Kimi refuse an empty one. */
    static final String NO_REASONING = "(The reasoning of this step is not available.)";

    private static final int DEEPEST = 1_000;
    private static final NameTable BODY = NameTable.of("messages");

    /** Members of messages that vendors have added to the dialect. */
    private static final Set<String> ADDED = Set.of("reasoning_content", "thinking_blocks", "provider_specific_fields");

    /** Mistral refuses all members that it does not know, also empty ones of OpenAI's. */
    private static final Set<String> UNKNOWN_TO_MISTRAL = Set.of(
            "reasoning_content",
            "thinking_blocks",
            "provider_specific_fields",
            "reasoning",
            "reasoning_details",
            "images");

    private static final Set<String> NULL_TO_MISTRAL = Set.of("refusal", "annotations", "audio", "function_call");
    private static final Set<String> ADDED_TO_CALLS = Set.of("extra_content", "provider_specific_fields");

    private static final List<String> NAMES = List.of(
            "\"reasoning_content\"", "\"thinking_blocks\"", "\"extra_content\"", "\"provider_specific_fields\"");

    private static final List<String> NAMES_FOR_MISTRAL = List.of(
            "\"reasoning",
            "\"thinking_blocks\"",
            "\"extra_content\"",
            "\"provider_specific_fields\"",
            "\"images\"",
            "\"refusal\"",
            "\"annotations\"",
            "\"audio\"",
            "\"function_call\"");

    private final byte[] body;
    private final ModelFamily family;

    /** What the host refuses, whatever the model. */
    private final boolean noReasoning;

    private final boolean noAdded;

    private final boolean addsReasoning;
    private final JsonPatches patches = new JsonPatches();

    /**
     * A member of an object.
     *
     * @param whole with its name
     */
    private record Member(String name, Span whole, Span value) {}

    private ChatHistory(byte[] body, ModelFamily family, ModelCapabilities capabilities) {
        this.body = body;
        this.family = family;
        this.noReasoning = capabilities.traits().has(Flag.NO_REASONING_CONTENT);
        this.noAdded = capabilities.traits().has(Flag.NO_ADDED_MEMBERS);
        this.addsReasoning = switch (family) {
            case DEEPSEEK, INTERLEAVED -> lacksReasoning(body, capabilities);
            case MISTRAL, OPENAI, OPENAI_REASONING, GEMINI, OTHER -> false;
        };
    }

    /** The body for the model; the same array where nothing has to be changed. */
    static byte[] fitted(byte[] body, ModelCapabilities capabilities) {
        ModelFamily family = ModelFamily.of(capabilities.traits());
        boolean needed = switch (family) {
            case MISTRAL -> ByteSearch.anyMayBeIn(body, NAMES_FOR_MISTRAL);
            case OPENAI, OPENAI_REASONING, GEMINI -> ByteSearch.anyMayBeIn(body, NAMES);
            case DEEPSEEK, INTERLEAVED ->
                lacksReasoning(body, capabilities) || (refusesSome(capabilities) && ByteSearch.anyMayBeIn(body, NAMES));
            case OTHER -> refusesSome(capabilities) && ByteSearch.anyMayBeIn(body, NAMES);
        };
        return needed ? new ChatHistory(body, family, capabilities).fitted() : body;
    }

    private static boolean refusesSome(ModelCapabilities capabilities) {
        return capabilities.traits().has(Flag.NO_ADDED_MEMBERS)
                || capabilities.traits().has(Flag.NO_REASONING_CONTENT);
    }

    private static boolean lacksReasoning(byte[] body, ModelCapabilities capabilities) {
        return capabilities.traits().has(Flag.REASONING_REQUIRED)
                && ByteSearch.mayBeIn(body, "\"tool_calls\"")
                && reasons(body, capabilities);
    }

    private static boolean reasons(byte[] body, ModelCapabilities capabilities) {
        try {
            return capabilities.reasonsFor(RequestFactsReader.reasoning(Members.scan(body, BodyLimits.ofDefaults())));
        } catch (BadRequest unreadable) {
            // The provider reports what is wrong with it.
            return false;
        }
    }

    private byte[] fitted() {
        JsonWalk walk = new JsonWalk(DEEPEST);
        try {
            walk.over(body, 0, body.length);
            walk.object(BODY, name -> {
                if (!name.isEmpty()) {
                    walk.array(() -> message(walk.cursor()));
                }
            });
        } catch (MalformedJson unreadable) {
            // The provider reports what is wrong with it.
            return body;
        } finally {
            walk.release();
        }
        return patches.isEmpty() ? body : patches.apply(body);
    }

    private void message(JsonCursor cursor) throws MalformedJson {
        if (cursor.token() != Token.START_OBJECT) {
            return;
        }
        List<List<Member>> calls = new ArrayList<>();
        List<Member> members = new ArrayList<>();
        while (cursor.next() == Token.NAME) {
            int from = cursor.start();
            String name = cursor.string().decoded();
            cursor.next();
            int value = cursor.start();
            if (name.equals("tool_calls") && cursor.token() == Token.START_ARRAY) {
                while (cursor.next() != Token.END_ARRAY) {
                    calls.add(members(cursor));
                    cursor.skipRest();
                }
            }
            cursor.skipRest();
            members.add(new Member(name, new Span(from, cursor.end()), new Span(value, cursor.end())));
        }
        if (members.stream()
                .noneMatch(
                        member -> member.name().equals("role") && text(member).equals("\"assistant\""))) {
            return;
        }
        switch (family) {
            case DEEPSEEK, INTERLEAVED, OTHER -> {
                remove(members, this::isRefused);
                if (noAdded) {
                    calls.forEach(call -> remove(call, member -> ADDED_TO_CALLS.contains(member.name())));
                }
                if (!calls.isEmpty() && addsReasoning) {
                    addReasoning(members);
                }
            }
            case MISTRAL, OPENAI, OPENAI_REASONING, GEMINI -> {
                remove(members, this::isRefused);
                if (family != ModelFamily.GEMINI) {
                    calls.forEach(call -> remove(call, member -> ADDED_TO_CALLS.contains(member.name())));
                }
            }
        }
    }

    private static List<Member> members(JsonCursor cursor) throws MalformedJson {
        List<Member> members = new ArrayList<>();
        if (cursor.token() == Token.START_OBJECT) {
            while (cursor.next() == Token.NAME) {
                int from = cursor.start();
                String name = cursor.string().decoded();
                cursor.next();
                int value = cursor.start();
                cursor.skipRest();
                members.add(new Member(name, new Span(from, cursor.end()), new Span(value, cursor.end())));
            }
        }
        return members;
    }

    private boolean isRefused(Member member) {
        return switch (family) {
            case MISTRAL ->
                UNKNOWN_TO_MISTRAL.contains(member.name())
                        || (NULL_TO_MISTRAL.contains(member.name())
                                && Set.of("null", "[]").contains(text(member)));
            case OPENAI, OPENAI_REASONING -> ADDED.contains(member.name());
            // Routers have signatures of Google's in the other members.
            case GEMINI -> member.name().equals("reasoning_content");
            case DEEPSEEK, INTERLEAVED, OTHER ->
                member.name().equals("reasoning_content") ? noReasoning : noAdded && ADDED.contains(member.name());
        };
    }

    private void remove(List<Member> members, Predicate<Member> refused) {
        if (members.stream().anyMatch(refused)) {
            patches.remove(members.stream().map(Member::whole).toList(), at -> refused.test(members.get(at)));
        }
    }

    /** Reasoning under another provider's name is the reasoning, too. */
    private void addReasoning(List<Member> members) {
        Map<String, Member> byName = new HashMap<>();
        members.forEach(member -> byName.put(member.name(), member));
        Member given = byName.get("reasoning_content");
        if (given != null && !JsonTrees.of(text(given)).asText("").isBlank()) {
            return;
        }
        StringBuilder reasoning = new StringBuilder();
        if (byName.get("reasoning") != null) {
            reasoning.append(JsonTrees.of(text(byName.get("reasoning"))).asText(""));
        }
        if (reasoning.isEmpty() && byName.get("thinking_blocks") != null) {
            JsonTrees.of(text(byName.get("thinking_blocks")))
                    .forEach(block -> reasoning.append(block.path("thinking").asText("")));
        }
        String json = JsonOut.quote(reasoning.toString().isBlank() ? NO_REASONING : reasoning.toString());
        if (given == null) {
            patches.insert(members.getLast().whole().to(), ",\"reasoning_content\":" + json);
        } else {
            patches.replace(given.value(), json);
        }
    }

    private String text(Member member) {
        Span value = member.value();
        return new String(body, value.from(), value.to() - value.from(), StandardCharsets.UTF_8);
    }
}
