package dev.understudy.protocol.sse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a decoder says, and keeps all raw bytes. */
class Transcript implements SseHandler {
    final List<String> lines = new ArrayList<>();
    final ByteArrayOutputStream raw = new ByteArrayOutputStream();

    @Override
    public void event(SseEvent event) {
        String data = new String(event.data(), event.dataOffset(), event.dataLength(), StandardCharsets.UTF_8);
        lines.add("event[" + event.name() + "] " + data + (event.terminated() ? "" : " (unterminated)"));
        raw.write(event.raw(), event.rawOffset(), event.rawLength());
    }

    @Override
    public void ping(byte[] array, int offset, int length) {
        lines.add("ping");
        raw.write(array, offset, length);
    }

    @Override
    public void cut(byte[] array, int offset, int length) {
        lines.add("cut");
        raw.write(array, offset, length);
    }

    @Override
    public void overflow(int limit) {
        lines.add("overflow " + limit);
    }

    /** Without pings: a lone line feed left over from a CRLF that was cut apart is one. */
    List<String> events() {
        return lines.stream().filter(line -> !line.equals("ping")).toList();
    }

    String rawText() {
        return raw.toString(StandardCharsets.UTF_8);
    }

    static Transcript of(String... chunks) {
        Transcript transcript = new Transcript();
        SseDecoder decoder = new SseDecoder(1 << 20);
        for (String chunk : chunks) {
            byte[] bytes = chunk.getBytes(StandardCharsets.UTF_8);
            decoder.feed(bytes, 0, bytes.length, transcript);
        }
        decoder.end(transcript);
        return transcript;
    }
}
