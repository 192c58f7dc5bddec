package dev.understudy.protocol.translate;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.recovery.RecoveryMark;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a stream tells beside the answer, as bytes that may stand between any two of its events: a chunk with a member of
 * ours where the caller's dialect is Chat Completions, a comment in others, nothing where there is no room for comments.
 *
 * @param to the caller's dialect
 * @param model who answers
 */
record StreamAnnotations(Dialect to, String model) {
    /** That an ordinary end was added. */
    static final String UNSAID = "the provider ended the stream without a finish reason; a normal one was added";

    private static final RequestContext NOTHING_ASKED =
            new RequestContext("{}".getBytes(StandardCharsets.UTF_8), false, 0);
    private static final String CHAT = new OpenAiDialect().name();

    private boolean isChat() {
        return to.name().equals(CHAT);
    }

    /** Another attempt continued the answer. */
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

    /** The ends that a stream lacks, and a warning that they were added. */
    byte[] ends(StreamEvent.Begin begin, List<StreamEvent.Ended> ends) {
        if (isChat()) {
            Map<Integer, String> reasons = new LinkedHashMap<>();
            ends.forEach(end -> reasons.put(
                    end.choice(), end.finish().reason() == Finish.Reason.TOOL_CALLS ? "tool_calls" : "stop"));
            return RecoveryMark.ended(begin.id(), begin.created(), model, reasons);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(warning(begin.id(), begin.created(), UNSAID));
        StreamWriter writer = to.streamWriter(NOTHING_ASKED, Optional.empty());
        writer.write(begin, bytes);
        ends.forEach(end -> writer.write(end, bytes));
        return bytes.toByteArray();
    }
}
