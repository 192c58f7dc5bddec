package dev.understudy.protocol.chat;

import dev.understudy.protocol.answer.Usage;

/**
 * What is known of an answer, so far or in the end.
 *
 * @param model the model that answered, in its provider's words; empty if it did not say
 * @param finishReason why the first choice that ended did so; empty while none has
 * @param usage the tokens counted last
 * @param characters how many characters (UTF-16 units) of text and refusal there are, in all choices
 * @param blank whether there is nothing yet that answers: no text but blanks, no tool call, refusal, audio or image.
 *     Reasoning alone is no answer
 * @param toolCall whether the answer calls a tool or function
 * @param toolCallOpen whether such a call may still be unfinished
 * @param thinkingOpen whether the last content was reasoning
 */
public record ChatFacts(
        String model,
        String finishReason,
        Usage usage,
        long characters,
        boolean blank,
        boolean toolCall,
        boolean toolCallOpen,
        boolean thinkingOpen) {}
