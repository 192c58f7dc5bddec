package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the act of a request and has it write the script. */
final class Director {

    private static final String CHAT = "/v1/chat/completions";
    private static final String MODELS = "/v1/models";
    /** Names the act where the model has the name of another, for which this provider stands in. */
    private static final String ACT = RehearsalProvider.ACT_HEADER;

    private static final String INVALID_REQUEST = "invalid_request_error";

    /** Every event of a stream repeats the name, and names are remembered. */
    private static final int MAX_NAME = 8 * 1024;

    private final Memory memory;
    private final InstantSource clock;
    private long completions;

    Director(Memory memory, InstantSource clock) {
        this.memory = memory;
        this.clock = clock;
    }

    Script scriptFor(HttpRequest request) {
        return switch (request.path()) {
            case CHAT -> request.method().equals("POST") ? chat(request) : notAllowed("POST");
            case MODELS -> request.method().equals("GET") ? models() : notAllowed("GET");
            default ->
                answer(ProviderError.of(
                        404, INVALID_REQUEST, "Unknown path; there is POST " + CHAT + " and GET " + MODELS + "."));
        };
    }

    /** The answer to bytes that were no request; the connection is of no more use. */
    Script scriptFor(Reading.Rejected rejected) {
        ProviderError error = ProviderError.of(rejected.status(), INVALID_REQUEST, rejected.reason());
        return Script.begin()
                .send(error.head().with("connection", "close").withBody(error.body()))
                // Closed with bytes unread, the connection would be reset and the answer lost.
                .pause(Connection.LINGER)
                .close();
    }

    private Script chat(HttpRequest request) {
        try {
            ChatRequest chat = ChatRequestReader.read(request.body());
            String wanted = request.header(ACT).orElse(chat.model());
            if (Math.max(wanted.length(), chat.model().length()) > MAX_NAME) {
                throw new BadCue("model", "The model's name is longer than " + MAX_NAME + " characters.");
            }
            memory.countRequest(wanted);
            int query = wanted.indexOf('?');
            String name = query < 0 ? wanted : wanted.substring(0, query);
            Optional<Act> act = Act.named(name);
            if (act.isEmpty()) {
                return answer(new ProviderError(
                        404,
                        INVALID_REQUEST,
                        "model_not_found",
                        "model",
                        "The model '" + name + "' does not exist; there is " + Act.allNames() + "."));
            }
            Map<String, String> given = Parameters.parse(query < 0 ? "" : wanted.substring(query + 1));
            return act.get().play(cue(chat, Parameters.of(act.get(), given)));
        } catch (BadCue bad) {
            return answer(ProviderError.badRequest(bad));
        }
    }

    private Cue cue(ChatRequest chat, Parameters parameters) {
        completions++;
        return new Cue(
                chat,
                parameters,
                "chatcmpl-rehearsal-" + completions,
                clock.instant().getEpochSecond(),
                memory);
    }

    private static Script models() {
        String list = Arrays.stream(Act.values())
                .map(act -> "{\"id\":" + ChatJson.quote(act.id())
                        + ",\"object\":\"model\",\"created\":0,\"owned_by\":\"rehearsal\",\"description\":"
                        + ChatJson.quote(act.description()) + ",\"signature\":" + ChatJson.quote(act.signature()) + "}")
                .collect(Collectors.joining(",", "{\"object\":\"list\",\"data\":[", "]}"));
        return Script.begin()
                .send(HttpHead.http11(200)
                        .with("content-type", "application/json")
                        .withBody(Buffer.buffer(list)))
                .nextRequest();
    }

    private static Script notAllowed(String allowed) {
        ProviderError error = ProviderError.of(405, INVALID_REQUEST, "Only " + allowed + " is allowed here.");
        return Script.begin()
                .send(error.head().with("allow", allowed).withBody(error.body()))
                .nextRequest();
    }

    private static Script answer(ProviderError error) {
        return Script.begin().send(error.head().withBody(error.body())).nextRequest();
    }
}
