package dev.understudy.client.sdk;

import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * An HTTP response for an SDK.
 *
 * @param body what has arrived and will arrive; reading it slowly holds the provider back
 * @param close ends the exchange if it is still running
 */
public record SdkResponse(int status, Map<String, List<String>> headers, InputStream body, Runnable close) {}
