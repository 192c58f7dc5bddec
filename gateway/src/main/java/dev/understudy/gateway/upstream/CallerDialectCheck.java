package dev.understudy.gateway.upstream;

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
 * @param check made for the request as a chat completion
 * @param answers translates the caller's dialect to chat completions
 */
record CallerDialectCheck(AnswerCheck check, AnswerAsChat answers) {

    /** The checks of a call; empty for a request that cannot be read, which its first attempt reports. */
    static Optional<CallerDialectCheck> of(
            Acceptance acceptance, CallerRequest request, RequestTranslator requestTranslator) {
        try {
            return Optional.of(new CallerDialectCheck(
                    acceptance.checkFor(requestTranslator.asChat()), new AnswerAsChat(request.dialect())));
        } catch (UntranslatableRequest cannotTranslate) {
            return Optional.empty();
        }
    }

    Optional<Failure> ofWhole(byte[] body) {
        return answers.isChat() ? check.ofWhole(body) : answers.whole(body).flatMap(check::ofWhole);
    }

    Optional<Failure> ofStream(byte[] frames) {
        return answers.isChat()
                ? check.ofStream(frames)
                : answers.streamed(frames).flatMap(check::ofWhole);
    }
}
