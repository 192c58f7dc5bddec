package dev.understudy.protocol.translate;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.recovery.RecoveryMark;
import java.util.OptionalLong;

/**
 * What a stream tells beside the answer, as bytes that may stand between any two of its events: a chunk with a member of
 * ours where the caller's dialect is Chat Completions, a comment in others, nothing where there is no room for comments.
 *
 * @param to the caller's dialect
 * @param model who answers
 */
record StreamAnnotations(Dialect to, String model) {
    private static final String CHAT = new OpenAiDialect().name();

    private boolean isChat() {
        return to.name().equals(CHAT);
    }

    /** Another attempt went on with the answer. */
    byte[] continued(String id, OptionalLong created, String trail) {
        return isChat()
                ? RecoveryMark.continued(id, created, model, trail)
                : to.remark("understudy recovery=continue trail=" + trail);
    }

    /** The attempts that led to the answer, for those whose response headers were sent before it was known. */
    byte[] trail(String id, OptionalLong created, String trail) {
        return isChat() ? RecoveryMark.trail(id, created, model, trail) : to.remark("understudy trail=" + trail);
    }

    /** Something about the answer that its provider did not say. */
    byte[] warning(String id, OptionalLong created, String warning) {
        return isChat()
                ? RecoveryMark.warning(id, created, model, warning)
                : to.remark("understudy warning=" + warning);
    }
}
