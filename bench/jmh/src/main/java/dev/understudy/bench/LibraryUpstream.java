package dev.understudy.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The upstream of {@link LibraryBenchmark}: answers every request with the same bytes, whole or as a stream. Prints its port, and ends
 * with the process that has started it.
 */
public final class LibraryUpstream {
    static final int PIECES = 62;

    private static final byte[] WHOLE = response(
            "application/json",
            "{\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"object\":\"chat.completion\",\"created\":1741569952,"
                    + "\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                    + "word ".repeat(80) + "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":10,\"total_tokens\":29}}");
    private static final byte[] STREAM = response("text/event-stream", stream());

    private LibraryUpstream() {}

    private static byte[] response(String type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return ("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + bytes.length + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String stream() {
        StringBuilder events = new StringBuilder(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
        for (int i = 2; i < PIECES; i++) {
            events.append(chunk("{\"content\":\" word" + i + "\"}", "null"));
        }
        return events.append(chunk("{}", "\"stop\"")).append("data: [DONE]\n\n").toString();
    }

    private static String chunk(String delta, String finishReason) {
        return "data: {\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"object\":\"chat.completion.chunk\","
                + "\"created\":1741569952,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" + delta
                + ",\"logprobs\":null,\"finish_reason\":" + finishReason + "}]}\n\n";
    }

    public static void main(String[] args) throws IOException {
        ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(0)));
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            System.out.println(server.getLocalPort());
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            StringBuilder head = new StringBuilder();
            for (int next = in.read(); next >= 0; next = in.read()) {
                head.append((char) next);
                if (next == '\n' && head.toString().endsWith("\r\n\r\n")) {
                    String lower = head.toString().toLowerCase(Locale.ROOT);
                    int at = lower.indexOf("content-length:") + "content-length:".length();
                    int length = Integer.parseInt(lower.substring(at, lower.indexOf('\r', at)).strip());
                    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                    out.write(body.contains("\"stream\":true") ? STREAM : WHOLE);
                    head.setLength(0);
                }
            }
        } catch (IOException left) {
            System.err.println("a caller has left: " + left.getMessage());
        }
    }
}
