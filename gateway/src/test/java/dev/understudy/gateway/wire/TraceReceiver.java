package dev.understudy.gateway.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A receiver of traces (OTLP over HTTP) that accepts nothing but what the protocol specifies: one wrong request, and every later
 * look at what was received fails with what was wrong.
 */
public final class TraceReceiver implements AutoCloseable {
    private static final long LIMIT = 20_000_000_000L;
    private static final int TRACE_ID = 16;
    private static final int SPAN_ID = 8;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> resources = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    private TraceReceiver(HttpServer server) {
        this.server = server;
    }

    /** Listens on a free port of 127.0.0.1. */
    public static TraceReceiver start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            TraceReceiver receiver = new TraceReceiver(server);
            server.setExecutor(receiver.threads);
            server.createContext("/", receiver::handle);
            server.start();
            return receiver;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The address without the path of traces. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Refuses requests from now on with this status, or accepts them with 200. */
    public void answer(int with) {
        status = with;
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (status == 200) {
            try {
                check(exchange);
                read(ExportTraceServiceRequest.parseFrom(body));
                headers.add(Map.copyOf(exchange.getRequestHeaders()));
            } catch (IOException | IllegalArgumentException wrong) {
                faults.add(wrong.toString());
            }
        }
        exchange.getResponseHeaders().set("content-type", "application/x-protobuf");
        // An empty body is the message that says that all was accepted.
        exchange.sendResponseHeaders(faults.isEmpty() ? status : 400, -1);
        exchange.close();
    }

    private static void check(HttpExchange exchange) {
        require(exchange.getRequestMethod().equals("POST"), "the method is " + exchange.getRequestMethod());
        require(exchange.getRequestURI().toString().equals("/v1/traces"), "the path is " + exchange.getRequestURI());
        require(
                "application/x-protobuf".equals(exchange.getRequestHeaders().getFirst("content-type")),
                "the content type is " + exchange.getRequestHeaders().getFirst("content-type"));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private void read(ExportTraceServiceRequest request) {
        knownFieldsOnly(request);
        require(request.getResourceSpansCount() > 0, "no spans");
        for (ResourceSpans ofResource : request.getResourceSpansList()) {
            Map<String, String> resource = attributes(ofResource.getResource().getAttributesList());
            require(!resource.getOrDefault("service.name", "").isEmpty(), "no service.name");
            resources.add(resource);
            for (ScopeSpans ofScope : ofResource.getScopeSpansList()) {
                require(!ofScope.getScope().getName().isEmpty(), "no scope");
                ofScope.getSpansList().forEach(TraceReceiver::check);
                spans.addAll(ofScope.getSpansList());
            }
        }
    }

    private static void check(Span span) {
        require(isId(span.getTraceId(), TRACE_ID), "trace id " + hex(span.getTraceId()));
        require(isId(span.getSpanId(), SPAN_ID), "span id " + hex(span.getSpanId()));
        require(
                span.getParentSpanId().isEmpty() || isId(span.getParentSpanId(), SPAN_ID),
                "parent " + hex(span.getParentSpanId()));
        require(!span.getName().isBlank(), "no name");
        require(span.getKind() != Span.SpanKind.SPAN_KIND_UNSPECIFIED, "no kind");
        require(span.getStartTimeUnixNano() > 0, "no start");
        require(span.getEndTimeUnixNano() >= span.getStartTimeUnixNano(), "ends before it starts");
        require(
                span.getEventsList().stream()
                        .allMatch(event -> event.getTimeUnixNano() >= span.getStartTimeUnixNano()
                                && event.getTimeUnixNano() <= span.getEndTimeUnixNano()),
                "an event outside of its span");
        require(
                span.getStatus().getCode()
                        == Status.StatusCode.STATUS_CODE_ERROR
                        == attributes(span.getAttributesList()).containsKey("error.type"),
                "status and error.type do not agree");
    }

    private static boolean isId(ByteString bytes, int length) {
        return bytes.size() == length && !bytes.equals(ByteString.copyFrom(new byte[length]));
    }

    private static void knownFieldsOnly(Message message) {
        require(
                message.getUnknownFields().asMap().isEmpty(),
                "unknown fields in " + message.getDescriptorForType().getName());
        for (Object value : message.getAllFields().values()) {
            if (value instanceof Message below) {
                knownFieldsOnly(below);
            } else if (value instanceof List<?> list) {
                list.stream().filter(Message.class::isInstance).forEach(each -> knownFieldsOnly((Message) each));
            }
        }
    }

    /** All spans, once there are as many as this. */
    public List<Span> spans(int count) {
        return spansOnce(all -> all.size() >= count, count + " spans");
    }

    private List<Span> spansOnce(Predicate<List<Span>> enough, String what) {
        long started = System.nanoTime();
        while (!enough.test(spans) && faults.isEmpty()) {
            if (System.nanoTime() - started > LIMIT) {
                throw new AssertionError("no " + what + " but " + spans);
            }
            Thread.onSpinWait();
        }
        if (!faults.isEmpty()) {
            throw new AssertionError("what was received breaks the protocol: " + faults);
        }
        Set<ByteString> ids = new HashSet<>();
        spans.forEach(span -> {
            if (!ids.add(span.getSpanId())) {
                throw new AssertionError("two spans with the id " + hex(span.getSpanId()));
            }
        });
        return List.copyOf(spans);
    }

    /** The spans of calls, without those of their attempts, once there are as many as this. */
    public List<Span> calls(int count) {
        Predicate<Span> isCall = span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER;
        return spansOnce(all -> all.stream().filter(isCall).count() >= count, count + " calls").stream()
                .filter(isCall)
                .toList();
    }

    /** The headers of the requests that were accepted. */
    public List<Map<String, List<String>>> headers() {
        return headers;
    }

    /** The attributes of what sent the spans. */
    public Map<String, String> resource() {
        return resources.getFirst();
    }

    /** Attributes as texts. */
    public static Map<String, String> attributes(List<KeyValue> attributes) {
        return attributes.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey, each -> text(each.getValue()), (one, other) -> one, TreeMap::new));
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            case ARRAY_VALUE ->
                value.getArrayValue().getValuesList().stream()
                        .map(TraceReceiver::text)
                        .collect(Collectors.joining(",", "[", "]"));
            default -> throw new IllegalArgumentException("an attribute of an unexpected type: " + value);
        };
    }

    /** An id as it is written. */
    public static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
