/**
 * Google's Gemini: {@code generateContent} and {@code streamGenerateContent}, at the Gemini API (v1, v1beta) and at Vertex
 * AI.
 *
 * @see <a href="https://ai.google.dev/api/generate-content">Gemini API: generating content</a>
 */
@NullMarked
package dev.understudy.protocol.dialect.gemini;

import org.jspecify.annotations.NullMarked;
