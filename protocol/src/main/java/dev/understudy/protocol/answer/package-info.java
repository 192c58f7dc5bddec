/**
 * Judges answers: what makes one good, when it is complete, what is wrong with it; the same for every dialect.
 *
 * <p>Read {@link dev.understudy.protocol.answer.AnswerRules} and {@link dev.understudy.protocol.answer.AnswerEvaluation}.
 */
@NullMarked
package dev.understudy.protocol.answer;

import org.jspecify.annotations.NullMarked;
