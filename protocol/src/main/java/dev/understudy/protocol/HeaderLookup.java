package dev.understudy.protocol;

import java.util.Optional;

/**
 * The headers of a request or response, whichever HTTP library holds them.
 *
 * <p>Names are looked up without regard to case (RFC 9110, 5.1).
 */
@FunctionalInterface
public interface HeaderLookup {

    /** No headers at all. */
    HeaderLookup NONE = name -> Optional.empty();

    /** The first value of that name; empty if there is none. */
    Optional<String> first(String name);
}
