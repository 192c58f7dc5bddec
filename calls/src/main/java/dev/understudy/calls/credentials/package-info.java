/**
 * Credentials of clouds that have to be fetched and expire: where they come from, and how long they are kept. What fetches them is a
 * {@link dev.understudy.calls.credentials.CredentialsTransport} of the gateway or of the library.
 */
@NullMarked
package dev.understudy.calls.credentials;

import org.jspecify.annotations.NullMarked;
