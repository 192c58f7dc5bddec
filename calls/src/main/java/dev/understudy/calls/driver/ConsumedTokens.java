package dev.understudy.calls.driver;

import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.model.ModelPrice;
import java.util.Optional;

/**
 * What an answer consumed.
 *
 * @param target whose answer was delivered, or part of it
 * @param usage as the provider counted it so far
 * @param completion the tokens of the answer: as counted, or else an estimate of what was delivered
 * @param price of the target; empty if it is not known
 */
public record ConsumedTokens(String target, Usage usage, long completion, Optional<ModelPrice> price) {}
