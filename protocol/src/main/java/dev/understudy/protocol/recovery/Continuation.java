package dev.understudy.protocol.recovery;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.SpelledNumber;
import dev.understudy.protocol.json.Splice;
import dev.understudy.protocol.json.Splice.Edit;
import dev.understudy.protocol.json.Splice.Item;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.options.FallbackOptionsReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An answer that broke off, to be continued by another target.
 *
 * @param text what the caller has of it
 * @param tokensSpent how many tokens that was, as counted or estimated; they are taken off the request's limit
 */
public record Continuation(String text, long tokensSpent) {
    private static final List<String> LIMITS = List.of("max_tokens", "max_completion_tokens");

    /** The user's turn in a {@link ContinuationForm#TURN}. */
    public static final String CONTINUE_PROMPT =
            "Your last message was cut off. Continue exactly where you left off, starting with the very next character."
                    + " Do not repeat any of it, and do not add a preamble or any comment.";

    public Continuation {
        if (tokensSpent < 0) {
            throw new IllegalArgumentException("tokensSpent must not be negative: " + tokensSpent);
        }
    }

    /**
     * The body of the continuation request. It differs from the caller's in a few spans only, and has no members of the
     * fallback vocabularies. Where there is no text to continue, nothing but the model and the overrides differs.
     *
     * @param request the members of the caller's request, a chat completion
     * @param upstreamModel the model's name as the provider knows it
     * @param overrides members of the request that this target has of its own
     */
    public byte[] bodyFor(
            Members request, String upstreamModel, List<FallbackOptions.Override> overrides, ContinuationForm form) {
        Splice splice = Splice.without(FallbackOptionsReader::owns, request);
        String shown = shownTo(form);
        Map<String, String> edits = new LinkedHashMap<>();
        edits.put("model", JsonOut.quote(upstreamModel));
        overrides.forEach(override -> edits.put(override.name(), override.json()));
        if (shown.isEmpty()) {
            return splice.apply(edits(edits));
        }
        for (String limit : LIMITS) {
            lowered(edits, request, limit).ifPresent(rest -> edits.put(limit, rest));
        }
        if (form == ContinuationForm.FINAL_MESSAGE) {
            edits.put("continue_final_message", "true");
            edits.put("add_generation_prompt", "false");
        }
        String turns = turns(shown, form);
        String ownMessages = edits.get("messages");
        List<Item> items = new ArrayList<>();
        if (ownMessages == null) {
            items.add(new Item("messages", turns));
        } else {
            edits.put("messages", appended(ownMessages, turns));
        }
        return splice.apply(edits(edits), items);
    }

    /**
     * The same for a completion of a prompt, which the model continues by its nature: the answer so far is appended to the prompt.
     *
     * @param request the members of the caller's request, whose prompt is a text
     * @throws BadRequest if the prompt, the caller's or the target's own, is not one text
     */
    public byte[] promptBodyFor(Members request, String upstreamModel, List<FallbackOptions.Override> overrides)
            throws BadRequest {
        String shown = shownTo(ContinuationForm.PREFILL);
        Map<String, String> edits = new LinkedHashMap<>();
        edits.put("model", JsonOut.quote(upstreamModel));
        overrides.forEach(override -> edits.put(override.name(), override.json()));
        if (!shown.isEmpty()) {
            lowered(edits, request, "max_tokens").ifPresent(rest -> edits.put("max_tokens", rest));
            edits.put("prompt", prompt(edits, request, shown));
        }
        return Splice.without(FallbackOptionsReader::owns, request).apply(edits(edits));
    }

    /** The text stays as it is spelled: a prompt that is a list has one text in it. */
    private static String prompt(Map<String, String> edits, Members request, String shown) throws BadRequest {
        String own = edits.get("prompt");
        int index = request.indexOf("prompt");
        String json = (own != null ? own : index < 0 ? "" : request.json(index)).strip();
        if (json.startsWith("[") && json.endsWith("]")) {
            json = json.substring(1, json.length() - 1).strip();
        }
        if (!JsonTrees.scanned("prompt", json.getBytes(StandardCharsets.UTF_8)).isTextual()) {
            throw BadRequest.invalid("prompt", "'prompt': only an answer to a single text can be continued.");
        }
        return json.substring(0, json.length() - 1) + JsonOut.quote(shown).substring(1);
    }

    private static List<Edit> edits(Map<String, String> members) {
        return members.entrySet().stream()
                .map(edit -> new Edit(edit.getKey(), edit.getValue()))
                .toList();
    }

    /** The messages to add, as JSON separated by commas. */
    private static String turns(String shown, ContinuationForm form) {
        String answer = "{\"role\":\"assistant\",\"content\":" + JsonOut.quote(shown);
        return switch (form) {
            case PREFILL, FINAL_MESSAGE -> answer + "}";
            case PREFIX -> answer + ",\"prefix\":true}";
            case TURN -> answer + "},{\"role\":\"user\",\"content\":" + JsonOut.quote(CONTINUE_PROMPT) + "}";
        };
    }

    /** As much of the text as a target may be shown in that form; "" if there is nothing to go on from. */
    public String shownTo(ContinuationForm form) {
        int end = Whitespace.endOfText(text);
        if (end == 0) {
            return "";
        }
        if (!form.trimsTheEnd()) {
            end = text.length();
        }
        // A stream may break between the two halves of a character; most providers refuse a half.
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }

    /** A list of messages that an override brought. What is no list is sent as it is, for the provider to refuse. */
    private static String appended(String list, String turns) {
        int close = list.lastIndexOf(']');
        int open = list.indexOf('[');
        if (open < 0 || close < open) {
            return list;
        }
        boolean empty = list.substring(open + 1, close).isBlank();
        return list.substring(0, close) + (empty ? "" : ",") + turns + list.substring(close);
    }

    /** What is left of a limit, never less than one token; empty if it is not set, or to no sensible number. */
    private Optional<String> lowered(Map<String, String> edits, Members members, String name) {
        String json = edits.get(name);
        if (json == null) {
            int index = members.indexOf(name);
            if (index < 0) {
                return Optional.empty();
            }
            json = members.json(index);
        }
        return number(json)
                .filter(limit -> limit.signum() > 0)
                .map(limit -> limit.setScale(0, RoundingMode.DOWN)
                        .toBigInteger()
                        .subtract(BigInteger.valueOf(tokensSpent))
                        .max(BigInteger.ONE)
                        .toString());
    }

    private static Optional<BigDecimal> number(String json) {
        try {
            return SpelledNumber.value(JsonTrees.scanned("a limit", json.getBytes(StandardCharsets.UTF_8)));
        } catch (BadRequest notJson) {
            // Only an override can be that: it goes out as it is, and the provider says what is wrong with it.
            return Optional.empty();
        }
    }
}
