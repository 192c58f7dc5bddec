package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.dialect.Untranslatable;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.util.ArrayList;
import java.util.List;

/** What of a request can be said in a chat completion. */
final class Sayable {
    private Sayable() {}

    /** @throws Untranslatable if something cannot be left out and cannot be said either */
    static void check(NeutralRequest request) throws Untranslatable {
        int index = 0;
        for (Tools.Tool tool : request.tools().tools()) {
            if (tool instanceof Tools.ForeignTool foreign && !foreign.dialect().equals(OpenAiDialect.NAME)) {
                throw new Untranslatable(
                        "tools[" + index + "]", "the tool " + foreign.kind() + " is run by its own vendor only");
            }
            index++;
        }
        for (int i = 0; i < request.turns().size(); i++) {
            Turn turn = request.turns().get(i);
            for (Part part : turn.parts()) {
                check(part, turn.role(), "messages[" + i + "]");
            }
        }
    }

    private static void check(Part part, Turn.Role role, String field) throws Untranslatable {
        switch (part) {
            case Part.Media media -> check(media, field);
            case Part.ToolResult result -> {
                for (Part inside : result.content()) {
                    check(inside, role, field);
                }
            }
            case Part.Foreign foreign -> {
                if (!foreign.dialect().equals(OpenAiDialect.NAME) && role != Turn.Role.ASSISTANT) {
                    throw new Untranslatable(field, foreign.kind() + " is known to its own vendor only");
                }
            }
            case Part.Text text -> {}
            case Part.ToolCall call -> {}
            case Part.Thinking thinking -> {}
            case Part.Refusal refusal -> {}
            case Part.CachePoint point -> {}
        }
    }

    private static void check(Part.Media media, String field) throws Untranslatable {
        switch (media.source()) {
            case Part.Source.Stored stored -> {
                if (!stored.dialect().equals(OpenAiDialect.NAME)) {
                    throw new Untranslatable(field, "the file " + stored.id() + " is stored at another vendor");
                }
            }
            case Part.Source.Url url -> {
                if (media.kind() != Part.Media.Kind.IMAGE) {
                    throw new Untranslatable(field, "files have to be in the request itself, not behind a URL");
                }
            }
            case Part.Source.Inline inline -> {}
        }
        if (media.kind() == Part.Media.Kind.VIDEO) {
            throw new Untranslatable(field, "Chat Completions takes no video");
        }
    }

    /** The turns without what only other vendors understand. */
    static List<Turn> turns(List<Turn> turns, List<String> warnings) {
        List<Turn> sayable = new ArrayList<>();
        for (Turn turn : turns) {
            List<Part> parts = new ArrayList<>();
            for (Part part : turn.parts()) {
                if (part instanceof Part.Foreign foreign && !foreign.dialect().equals(OpenAiDialect.NAME)) {
                    warnings.add("messages: " + foreign.kind() + " left out, it is known to its own vendor only");
                } else if (!(part instanceof Part.CachePoint)) {
                    parts.add(part);
                }
            }
            if (!parts.isEmpty()) {
                sayable.add(new Turn(turn.role(), parts, turn.name()));
            }
        }
        return sayable;
    }
}
