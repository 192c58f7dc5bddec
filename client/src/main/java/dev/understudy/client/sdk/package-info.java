/**
 * Calls of vendors' SDKs through the engine, without a type of any SDK: the packages beside it adapt it to openai-java and
 * anthropic-java. Applications use those.
 */
@NullMarked
package dev.understudy.client.sdk;

import org.jspecify.annotations.NullMarked;
