package dev.understudy.protocol.dialect;

/**
 * One frame of a stream, lent to a {@link StreamReader} until it returns.
 *
 * @param name the event's name ({@code event:}, or {@code :event-type} and {@code :exception-type}); empty if it has none
 * @param exception whether the frame says of itself that it is an error, as Amazon's do
 * @param array where its data are
 * @param offset of the first byte
 * @param length 0 for none
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, and compared by nobody.
public record Frame(String name, boolean exception, byte[] array, int offset, int length) {}
