/**
 * Amazon Bedrock's Converse and ConverseStream.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">Converse</a>
 */
@NullMarked
package dev.understudy.protocol.dialect.bedrock;

import org.jspecify.annotations.NullMarked;
