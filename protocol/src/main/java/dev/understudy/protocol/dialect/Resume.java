package dev.understudy.protocol.dialect;

/**
 * What a caller has of a stream that broke off in the middle of a text, for a writer that goes on with it: the text is
 * the last thing that was open, and nothing of its end has been written.
 *
 * @param place how far it had come
 * @param text all of the text so far
 */
public record Resume(Place place, String text) {}
