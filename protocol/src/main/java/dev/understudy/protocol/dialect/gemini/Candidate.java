package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.neutral.Part;
import java.util.ArrayList;
import java.util.List;

/** What was read of one candidate; filled by {@link CandidateWalk}. */
final class Candidate {
    final List<Piece> pieces = new ArrayList<>();
    final List<Part.Citation> citations = new ArrayList<>();
    int index;

    /** Empty until there is one. */
    String finishReason = "";

    /** As OpenAI writes them; empty if there are none. */
    String logprobs = "";
}
