package dev.understudy.calls.upstream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes a compressed response body as it arrives.
 *
 * <p>Compression is not requested, since it would have to be undone to see where an answer ends; but some providers and proxies
 * compress all the same.
 */
sealed interface ContentDecoder {
    /** For a body that is not compressed. */
    ContentDecoder NONE = new None();

    /** Receives decoded bytes. */
    interface Receiver {
        /**
         * @param array is valid until the method returns
         * @return false if no more bytes are needed: a few compressed bytes can be gigabytes
         */
        boolean accept(byte[] array, int offset, int length);
    }

    void decode(byte[] array, int offset, int length, Receiver to, Runnable onUndecodable);

    /**
     * Some servers write what is no coding, such as {@code utf-8} or {@code none}. The official clients take their bodies as they are.
     *
     * @param encoding the value of {@code content-encoding}
     */
    static ContentDecoder of(String encoding) {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> new Zlib(true);
            case "deflate" -> new Zlib(false);
            case "br", "zstd", "compress", "x-compress", "dcb", "dcz" -> new Unread();
            default -> encoding.indexOf(',') < 0 ? NONE : new Unread();
        };
    }

    /** Passes the bytes on. */
    record None() implements ContentDecoder {
        @Override
        public void decode(byte[] array, int offset, int length, Receiver to, Runnable onUndecodable) {
            to.accept(array, offset, length);
        }
    }

    /** A coding that is not read here, or several. */
    record Unread() implements ContentDecoder {
        @Override
        public void decode(byte[] array, int offset, int length, Receiver to, Runnable onUndecodable) {
            onUndecodable.run();
        }
    }

    /**
     * Zlib's coding, in the formats of gzip (RFC 1952) and of {@code deflate}, which some servers send with zlib's header (RFC
     * 1950) and some without.
     */
    final class Zlib implements ContentDecoder {
        private static final int PIECE = 16 * 1024;
        private static final int GZIP_HEADER = 10;
        private static final int GZIP_TRAILER = 8;
        private static final int CHECKSUM_OF_HEADER = 2;
        private static final int EXTRA_FIELD = 4;
        private static final int NAME = 8;
        private static final int COMMENT = 16;

        private enum Part {
            HEADER,
            DATA,
            TRAILER
        }

        private final boolean gzip;
        private final byte[] piece = new byte[PIECE];
        private final CRC32 checksum = new CRC32();
        private Inflater inflater = new Inflater(true);
        private Part part = Part.HEADER;
        private boolean broken;
        /** What has arrived of a header or trailer. */
        private byte[] kept = {};

        private Zlib(boolean gzip) {
            this.gzip = gzip;
        }

        @Override
        public void decode(byte[] array, int offset, int length, Receiver to, Runnable onUndecodable) {
            if (broken) {
                return;
            }
            try {
                byte[] left = Arrays.copyOfRange(array, offset, offset + length);
                while (left.length > 0) {
                    left = switch (part) {
                        case HEADER -> gzip ? gzipHeader(left) : zlibHeader(left);
                        case DATA -> data(left, to);
                        case TRAILER -> trailer(left);
                    };
                }
            } catch (DataFormatException undecodable) {
                broken = true;
                onUndecodable.run();
            }
        }

        private byte[] data(byte[] left, Receiver to) throws DataFormatException {
            inflater.setInput(left);
            while (true) {
                int count = inflater.inflate(piece);
                checksum.update(piece, 0, count);
                if (count > 0 && !to.accept(piece, 0, count)) {
                    broken = true;
                    return new byte[0];
                }
                if (inflater.finished()) {
                    part = Part.TRAILER;
                    return Arrays.copyOfRange(left, left.length - inflater.getRemaining(), left.length);
                }
                if (inflater.needsDictionary()) {
                    throw new DataFormatException("a dictionary is needed");
                }
                if (count == 0 && inflater.needsInput()) {
                    return new byte[0];
                }
            }
        }

        private byte[] gzipHeader(byte[] left) throws DataFormatException {
            byte[] all = joined(left);
            int end = endOfGzipHeader(all);
            if (end < 0) {
                kept = all;
                return new byte[0];
            }
            return begin(all, end);
        }

        /** Where the header ends; -1 if there is more of it to come. */
        private static int endOfGzipHeader(byte[] all) throws DataFormatException {
            if ((all.length > 0 && all[0] != 0x1f)
                    || (all.length > 1 && all[1] != (byte) 0x8b)
                    || (all.length > 2 && all[2] != 8)) {
                throw new DataFormatException("not gzip");
            }
            if (all.length < GZIP_HEADER) {
                return -1;
            }
            int flags = all[3];
            int end = GZIP_HEADER;
            if ((flags & EXTRA_FIELD) != 0) {
                if (all.length < end + 2) {
                    return -1;
                }
                end += 2 + (all[end] & 0xff) + ((all[end + 1] & 0xff) << 8);
            }
            for (int text : new int[] {NAME, COMMENT}) {
                if ((flags & text) != 0) {
                    while (end < all.length && all[end] != 0) {
                        end++;
                    }
                    end++;
                }
            }
            if ((flags & CHECKSUM_OF_HEADER) != 0) {
                end += 2;
            }
            return end <= all.length ? end : -1;
        }

        private byte[] zlibHeader(byte[] left) {
            byte[] all = joined(left);
            if (all.length < 2) {
                kept = all;
                return new byte[0];
            }
            boolean zlib = (all[0] & 0x0f) == 8 && (((all[0] & 0xff) << 8) | (all[1] & 0xff)) % 31 == 0;
            return begin(all, zlib ? 2 : 0);
        }

        private byte[] begin(byte[] all, int end) {
            part = Part.DATA;
            kept = new byte[0];
            checksum.reset();
            return Arrays.copyOfRange(all, end, all.length);
        }

        /** The checksum shows whether a body of gzip is whole; bodies of {@code deflate} are taken as they are. */
        private byte[] trailer(byte[] left) throws DataFormatException {
            if (!gzip) {
                return new byte[0];
            }
            byte[] all = joined(left);
            if (all.length < GZIP_TRAILER) {
                kept = all;
                return new byte[0];
            }
            int stated = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getInt();
            if (stated != (int) checksum.getValue()) {
                throw new DataFormatException("wrong checksum");
            }
            // A further member may follow.
            inflater.end();
            inflater = new Inflater(true);
            part = Part.HEADER;
            kept = new byte[0];
            return Arrays.copyOfRange(all, GZIP_TRAILER, all.length);
        }

        private byte[] joined(byte[] left) {
            byte[] all = Arrays.copyOf(kept, kept.length + left.length);
            System.arraycopy(left, 0, all, kept.length, left.length);
            return all;
        }
    }
}
