package dev.understudy.calls.upstream;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.acceptance.Acceptance;
import dev.understudy.protocol.acceptance.AnswerCheck;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.translate.AnswerAsChat;
import dev.understudy.protocol.translate.CallerRequest;
import dev.understudy.protocol.translate.RequestTranslator;
import java.util.Optional;

/**
 * Checks answers that are held in the caller's dialect: it translates them, because the checks read chat completions.
 *
 * <p>Nothing of the request is read before the first check, and that off the event loop. A check has a translator of its own, because
 * that of the attempts may be at work at the same time.
 *
 * @param answers translates the caller's dialect to chat completions
 */
record CallerDialectCheck(Acceptance acceptance, CallerRequest request, AnswerAsChat answers) implements AnswerJudge {

    /** The checks of a call. */
    static CallerDialectCheck of(Acceptance acceptance, CallerRequest request) {
        return new CallerDialectCheck(acceptance, request, new AnswerAsChat(request.dialect()));
    }

    @Override
    public Optional<Failure> ofWhole(byte[] body) {
        return check().flatMap(check ->
                answers.isChat() ? check.ofWhole(body) : answers.whole(body).flatMap(check::ofWhole));
    }

    @Override
    public Optional<Failure> ofStream(byte[] frames) {
        return check().flatMap(check -> answers.isChat()
                ? check.ofStream(frames)
                : answers.streamed(frames).flatMap(check::ofWhole));
    }

    /** Empty for a request that cannot be read as a chat completion. */
    private Optional<AnswerCheck> check() {
        try {
            return Optional.of(acceptance.checkFor(new RequestTranslator(request).asChat()));
        } catch (UntranslatableRequest cannotTranslate) {
            return Optional.empty();
        }
    }
}
