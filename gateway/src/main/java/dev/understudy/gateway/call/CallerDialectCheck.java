package dev.understudy.gateway.call;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.acceptance.Acceptance;
import dev.understudy.protocol.acceptance.AnswerCheck;
import dev.understudy.protocol.translate.AnswerAsChat;
import dev.understudy.protocol.translate.CallerRequest;
import dev.understudy.protocol.translate.RequestTranslator;
import java.util.Optional;

/**
 * Checks answers in the language of the caller, in which they are held: the checks themselves know chat completions.
 *
 * @param check made for the request as a chat completion
 * @param answers turns the caller's answers into such
 */
record CallerDialectCheck(AnswerCheck check, AnswerAsChat answers) {

    /** The checks of a call; empty for a request that cannot be understood, which its first attempt will tell. */
    static Optional<CallerDialectCheck> of(
            Acceptance acceptance, CallerRequest request, RequestTranslator requestTranslator) {
        try {
            return Optional.of(new CallerDialectCheck(
                    acceptance.checkFor(requestTranslator.asChat()), new AnswerAsChat(request.dialect())));
        } catch (RequestTranslator.CannotTranslate cannotTranslate) {
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
