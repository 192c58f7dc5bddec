package dev.understudy.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Locale;

/**
 * Decodes a compressed response body.
 *
 * <p>The gateway does not request compression, since it would have to decompress to see where an answer ends; but some
 * providers and proxies compress all the same.
 */
sealed interface ContentDecoder {
    /** Receives decoded bytes; the array is valid until the method returns. */
    interface Bytes {
        void accept(byte[] array, int offset, int length);
    }

    void decode(Buffer bytes, Bytes to, Runnable onUndecodable);

    static ContentDecoder of(String encoding) {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> new None();
            case "gzip", "x-gzip" -> new Zlib(ZlibWrapper.GZIP);
            case "deflate" -> new Zlib(ZlibWrapper.ZLIB_OR_NONE);
            default -> new Unknown();
        };
    }

    record None() implements ContentDecoder {
        @Override
        public void decode(Buffer bytes, Bytes to, Runnable onUndecodable) {
            hand(((BufferInternal) bytes).getByteBuf(), to);
        }
    }

    record Unknown() implements ContentDecoder {
        @Override
        public void decode(Buffer bytes, Bytes to, Runnable onUndecodable) {
            onUndecodable.run();
        }
    }

    final class Zlib implements ContentDecoder {
        /** A few bytes can decompress to gigabytes; no single piece of an answer is as large as this. */
        private static final int LARGEST_PIECE = 32 * 1024 * 1024;

        private final EmbeddedChannel channel;

        Zlib(ZlibWrapper wrapper) {
            this.channel = new EmbeddedChannel(new JdkZlibDecoder(wrapper, LARGEST_PIECE));
        }

        @Override
        public void decode(Buffer bytes, Bytes to, Runnable onUndecodable) {
            try {
                channel.writeInbound(Unpooled.copiedBuffer(((BufferInternal) bytes).getByteBuf()));
                for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
                    hand(piece, to);
                    piece.release();
                }
            } catch (DecompressionException undecodable) {
                onUndecodable.run();
            }
        }
    }

    private static void hand(ByteBuf piece, Bytes to) {
        if (piece.hasArray()) {
            to.accept(piece.array(), piece.arrayOffset() + piece.readerIndex(), piece.readableBytes());
        } else {
            byte[] copy = new byte[piece.readableBytes()];
            piece.getBytes(piece.readerIndex(), copy);
            to.accept(copy, 0, copy.length);
        }
    }
}
