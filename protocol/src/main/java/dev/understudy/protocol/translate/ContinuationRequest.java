package dev.understudy.protocol.translate;

import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import dev.understudy.protocol.recovery.Continuation;
import dev.understudy.protocol.recovery.ContinuationForm;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Writes a continuation request in the neutral form; {@link Continuation} does the same for bytes of Chat Completions. */
final class ContinuationRequest {
    private ContinuationRequest() {}

    /** The same request with the answer so far behind it, and less room for the rest. */
    static NeutralRequest with(NeutralRequest request, Continuation answer, ContinuationForm form) {
        String shown = answer.shownTo(form);
        if (shown.isEmpty()) {
            return request;
        }
        List<Turn> turns = new ArrayList<>(request.turns());
        turns.add(Turn.of(Role.ASSISTANT, Part.Text.of(shown)));
        switch (form) {
            case TURN -> turns.add(Turn.of(Role.USER, Part.Text.of(Continuation.CONTINUE_PROMPT)));
            // How else a provider is told is a matter of its dialect; those without a word for it need none.
            case PREFILL, PREFIX, FINAL_MESSAGE -> {}
        }
        return request.withTurns(turns).withSampling(shortened(request.sampling(), answer.tokensSpent()));
    }

    private static Sampling shortened(Sampling sampling, long spent) {
        if (sampling.maxTokens().isEmpty()) {
            return sampling;
        }
        long rest = Math.max(1, sampling.maxTokens().getAsLong() - spent);
        return sampling.withMaxTokens(OptionalLong.of(rest));
    }
}
