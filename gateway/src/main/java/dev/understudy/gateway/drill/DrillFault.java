package dev.understudy.gateway.drill;

import dev.understudy.calls.config.Api;
import dev.understudy.calls.upstream.InjectedFaults;
import dev.understudy.calls.upstream.UpstreamTransport;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.rehearsal.Act;
import dev.understudy.rehearsal.ActName;
import dev.understudy.rehearsal.RehearsalProvider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a drill does to the requests of a target: an act of the rehearsal provider, named as there.
 *
 * <p>Acts without an answer are played by the rehearsal provider in the provider's place. The others need an answer that they
 * delay, cut or stall, and callers must not receive an invented one: those requests reach the provider, and its answer is
 * interfered with.
 */
public final class DrillFault {
    private static final int LONGEST = 200;
    private static final String PRINTABLE = "[\\x21-\\x7e]+";

    /**
     * An act that can be a fault.
     *
     * @param parameters those that it takes in a drill
     * @param played whether the rehearsal provider plays it
     */
    public record Kind(Act act, Set<String> parameters, boolean played) {
        private static Kind played(Act act, String... parameters) {
            return new Kind(act, Set.of(parameters), true);
        }

        private static Kind inAnswer(Act act, String parameter) {
            return new Kind(act, Set.of(parameter), false);
        }
    }

    private static final List<Kind> KINDS = List.of(
            Kind.played(Act.DOWN, "status", "ttft"),
            Kind.played(Act.ERROR, "status", "ttft"),
            Kind.played(Act.OVERLOADED, "ttft"),
            Kind.played(Act.THROTTLED, "after", "hint", "ttft"),
            Kind.played(Act.QUOTA, "ttft"),
            Kind.played(Act.UNAUTHORIZED, "ttft"),
            Kind.played(Act.FORBIDDEN, "ttft"),
            Kind.played(Act.MISSING, "ttft"),
            Kind.played(Act.REFUSED, "ttft"),
            Kind.played(Act.RESET, "ttft"),
            Kind.played(Act.SILENT),
            Kind.played(Act.HEADERS_THEN_NOTHING),
            Kind.played(Act.GARBLED),
            Kind.played(Act.EMPTY, "form", "ttft"),
            Kind.inAnswer(Act.SLOW, "ttft"),
            Kind.inAnswer(Act.CUT, "at"),
            Kind.inAnswer(Act.STALL, "at"));

    /** What is malformed depends on the dialect; a page of HTML is it in all of them. */
    private static final Map<Act, String> PLAYED_AS = Map.of(Act.GARBLED, "garbled?how=html");

    private final ActName name;
    private final Kind kind;

    private DrillFault(ActName name, Kind kind) {
        this.name = name;
        this.kind = kind;
    }

    /** The acts that can be faults, those that are used most first. */
    public static List<Kind> kinds() {
        return KINDS;
    }

    /**
     * Reads a fault, such as {@code throttled?after=30}.
     *
     * @throws IllegalArgumentException if there is no such fault; the message says what to write
     */
    public static DrillFault parse(String text) {
        if (text.length() > LONGEST || !text.matches(PRINTABLE)) {
            throw new IllegalArgumentException("Name a fault such as down, throttled?after=30 or cut?at=12.");
        }
        ActName name = ActName.parse(text);
        Kind kind = KINDS.stream()
                .filter(each -> each.act() == name.act())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name.act().id()
                        + "' is no fault of a drill; there is "
                        + String.join(
                                ", ",
                                KINDS.stream().map(each -> each.act().id()).toList())
                        + "."));
        Set<String> unknown = new TreeSet<>(name.stated());
        unknown.removeAll(kind.parameters());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("In a drill '" + kind.act().id() + "' does not take "
                    + String.join(", ", unknown) + "; it takes "
                    + (kind.parameters().isEmpty() ? "nothing" : String.join(", ", new TreeSet<>(kind.parameters())))
                    + ".");
        }
        return new DrillFault(name, kind);
    }

    /**
     * The fault as it is injected into the requests of a call.
     *
     * @param drill the name for the trail
     * @param rehearsal the address of the rehearsal provider's chat completions
     * @param transport sends requests to the rehearsal provider
     */
    public InjectedFaults injected(String drill, URI rehearsal, UpstreamTransport transport) {
        if (!kind.played()) {
            return (route, api, stream) -> Optional.of(new InjectedFaults.Fault(drill, false, this::inAnswer));
        }
        Map<String, String> headers = Map.of(
                "content-type",
                "application/json",
                RehearsalProvider.ACT_HEADER,
                PLAYED_AS.getOrDefault(kind.act(), name.toString()));
        UpstreamTransport.Endpoint rehearsed = transport.endpoint(rehearsal, headers);
        return (route, api, stream) -> {
            if (kind.act() == Act.EMPTY && api != Api.CHAT) {
                // The rehearsal provider has one dialect, and a blank answer in another one would be malformed.
                return Optional.empty();
            }
            byte[] body = ("{\"model\":" + JsonOut.quote(route.target().model()) + ",\"stream\":" + stream
                            + ",\"messages\":[]}")
                    .getBytes(StandardCharsets.UTF_8);
            // Neither the caller's request nor a key leaves for the rehearsal provider.
            return Optional.of(new InjectedFaults.Fault(
                    drill, true, real -> (query, own, sent, receiver) -> rehearsed.send("", Map.of(), body, receiver)));
        };
    }

    private UpstreamTransport.Endpoint inAnswer(UpstreamTransport.Endpoint real) {
        return switch (kind.act()) {
            case SLOW -> FaultyEndpoint.late(real, name.duration("ttft"));
            case CUT -> FaultyEndpoint.cut(real, name.count("at"));
            default -> FaultyEndpoint.stalled(real, name.count("at"));
        };
    }

    /** The parameters of a kind as a drill takes them, for people: {@code throttled?after=&hint=}. */
    public static String signature(Kind kind) {
        String id = kind.act().id();
        List<String> defaults = Stream.of(kind.act()
                        .signature()
                        .substring(id.length())
                        .replace("?", "")
                        .split("&"))
                .filter(each -> kind.parameters().contains(each.split("=", 2)[0]))
                .toList();
        return defaults.isEmpty() ? id : id + "?" + String.join("&", defaults);
    }

    /** As it was read. */
    @Override
    public String toString() {
        return name.toString();
    }
}
