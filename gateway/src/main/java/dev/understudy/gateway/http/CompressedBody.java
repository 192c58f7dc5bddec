package dev.understudy.gateway.http;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.brotli.dec.BrotliInputStream;

/**
 * Decompresses a request body. The limit holds for what comes out, so a few bytes that decompress to gigabytes cost no more
 * than a body of the greatest length.
 */
final class CompressedBody {
    /** Codings may be nested; more than two are an attack and not a client. */
    private static final int MOST_CODINGS = 2;

    private static final int PIECE = 16 * 1024;

    private CompressedBody() {}

    /** What became of a body. */
    sealed interface Result {
        /** The decompressed bytes. */
        @SuppressWarnings("ArrayRecordComponent") // Passed on and never compared.
        record Decoded(byte[] bytes) implements Result {}

        /** It decompresses to more than the limit. */
        record TooLarge() implements Result {}

        /** It is not in the coding that its header names. */
        record Broken() implements Result {}
    }

    /** The codings of a {@code content-encoding} header in the order in which they were applied, without those that do nothing. */
    static List<String> codings(String header) {
        List<String> codings = new ArrayList<>();
        for (String coding : header.split(",", -1)) {
            String name = coding.strip().toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && !name.equals("identity")) {
                codings.add(name);
            }
        }
        return codings;
    }

    /** Whether all of these are known. */
    static boolean areKnown(List<String> codings) {
        return codings.size() <= MOST_CODINGS
                && List.of("gzip", "x-gzip", "deflate", "br", "zstd").containsAll(codings);
    }

    /**
     * Decompresses a whole body. It takes a time in proportion to the limit, so it is not done on an event loop.
     *
     * @param codings known ones, in the order in which they were applied
     * @param limit the most bytes that any step may produce
     */
    static Result decode(List<String> codings, byte[] body, int limit) {
        byte[] bytes = body;
        for (String coding : codings.reversed()) {
            try (InputStream decoded = decoder(coding, bytes)) {
                ByteArrayOutputStream all = new ByteArrayOutputStream(Math.min(limit, Math.max(64, bytes.length * 4)));
                byte[] piece = new byte[PIECE];
                for (int count = decoded.read(piece); count >= 0; count = decoded.read(piece)) {
                    if (all.size() + count > limit) {
                        return new Result.TooLarge();
                    }
                    all.write(piece, 0, count);
                }
                bytes = all.toByteArray();
            } catch (IOException | RuntimeException broken) {
                // The decoders report invalid input by exceptions of many types, unchecked ones among them.
                return new Result.Broken();
            }
        }
        return new Result.Decoded(bytes);
    }

    private static InputStream decoder(String coding, byte[] body) throws IOException {
        InputStream bytes = new ByteArrayInputStream(body);
        return switch (coding) {
            case "gzip", "x-gzip" -> new GZIPInputStream(bytes, PIECE);
            // The header of zlib is required, but some clients leave it out.
            case "deflate" -> new InflaterInputStream(bytes, new Inflater(!hasZlibHeader(body)), PIECE);
            case "br" -> new BufferedInputStream(new BrotliInputStream(bytes), PIECE);
            case "zstd" -> new ZstdInputStream(bytes);
            default -> throw new IllegalArgumentException("an unknown coding");
        };
    }

    /** RFC 1950: the method is 8, and the first two bytes are a multiple of 31. */
    private static boolean hasZlibHeader(byte[] body) {
        return body.length >= 2 && (body[0] & 0x0F) == 8 && (((body[0] & 0xFF) << 8) | (body[1] & 0xFF)) % 31 == 0;
    }
}
