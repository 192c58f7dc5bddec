package dev.understudy.protocol.dialect;

/**
 * A frame of a stream, valid only until the {@link StreamReader} returns.
 *
 * @param name the event's name ({@code event:}, or {@code :event-type} and {@code :exception-type}); empty if it has
 *     none
 * @param exception whether the frame is marked as an error, as in Amazon's event streams
 * @param array the array with its data
 * @param offset of the first byte
 * @param length 0 for none
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on, never compared.
public record Frame(String name, boolean exception, byte[] array, int offset, int length) {}
