package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.neutral.Part;
import java.util.List;

/**
 * What the turns of a conversation become in a request.
 *
 * @param instructions empty if there are none
 * @param items of the input, as JSON
 * @param kept what points to something at OpenAI; members of the request
 */
record Input(String instructions, List<String> items, List<Part.Foreign> kept) {
    Input {
        items = List.copyOf(items);
        kept = List.copyOf(kept);
    }
}
