package dev.understudy.client.sdk;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;

/** The body of a request as an SDK has it. */
public interface SdkBody {
    /** Empty if the SDK states none. */
    String contentType();

    /** In bytes; negative if it is not known before it is read. */
    long length();

    /** Whether it can be read more than once. */
    boolean isRepeatable();

    /**
     * Opens the body.
     *
     * @param threads for an SDK that writes its bodies and does not let them be read
     */
    InputStream open(Executor threads) throws IOException;

    /** No request needs it any more. */
    void close();

    /** A body of these bytes, which must not be changed. */
    static SdkBody of(String contentType, byte[] bytes) {
        return new SdkBody() {
            @Override
            public String contentType() {
                return contentType;
            }

            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public boolean isRepeatable() {
                return true;
            }

            @Override
            public InputStream open(Executor threads) {
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
    }
}
