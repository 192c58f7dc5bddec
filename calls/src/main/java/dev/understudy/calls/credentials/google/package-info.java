/**
 * How a Google service account gets the access tokens that Vertex AI and the Gemini API take, without Google's libraries.
 *
 * <p>See <a href="https://developers.google.com/identity/protocols/oauth2/service-account#httprest">Google's description</a>
 * and RFC 7523.
 */
@NullMarked
package dev.understudy.calls.credentials.google;

import org.jspecify.annotations.NullMarked;
