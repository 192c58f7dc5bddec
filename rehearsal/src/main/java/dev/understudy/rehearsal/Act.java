package dev.understudy.rehearsal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Everything that the rehearsal can do, each under the name of a model.
 *
 * <p>A model's name is the act's, with parameters behind a {@code ?} if wanted: {@code cut?at=12&how=reset}. The
 * signature lists all that an act takes, with the defaults. Common to many are {@code tokens} (words in the answer),
 * {@code text} (to say something else), {@code ttft} (the time before the first content; of an answer in one piece, and
 * of an error, before the headers) and {@code gap} (the time between two words). Times are {@code 250ms}, {@code 2s} or
 * bare seconds; values may be percent-encoded.
 *
 * <p>Acts that answer with text all have the same text, so that one act can continue the answer of another. {@code goes-on} says
 * how an act does so when the conversation ends in the beginning of an answer ({@link BegunAnswer}): with the {@code rest}, the
 * whole {@code again}, an {@code overlap} of a few words before the rest; or it may {@code refuse} to complete a message,
 * and give the rest only if a user's turn requests it. Where an act stops after some words ({@code at}), those that
 * another model wrote are not counted.
 */
public enum Act {
    OK("ok", "tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms", "answers at once", AnswerScenes::ok),
    SLOW("slow", "tokens=60&text=&goes-on=rest&ttft=2s&gap=0ms", "answers, but late", AnswerScenes::ok),
    DOWN("down", "status=503&ttft=0ms", "fails with 503, service down", ErrorScenes::down),
    ERROR("error", "status=500&ttft=0ms", "fails with 500", ErrorScenes::error),
    OVERLOADED("overloaded", "status=503&ttft=0ms", "fails with 529, overloaded", ErrorScenes::overloaded),
    THROTTLED(
            "throttled",
            "after=2&hint=seconds&status=429&ttft=0ms",
            "rate limit; hint is the form of Retry-After: seconds, ms, date or none",
            ErrorScenes::throttled),
    QUOTA("quota", "status=429&ttft=0ms", "fails with 429, quota of the account used up", ErrorScenes::quota),
    UNAUTHORIZED("unauthorized", "status=401&ttft=0ms", "refuses the key (401)", ErrorScenes::unauthorized),
    FORBIDDEN("forbidden", "status=403&ttft=0ms", "refuses the key's permission (403)", ErrorScenes::forbidden),
    MISSING("missing", "status=404&ttft=0ms", "fails with 404, unknown model", ErrorScenes::missing),
    TOO_LONG("too-long", "status=400&ttft=0ms", "refuses the prompt as too long", ErrorScenes::tooLong),
    FILTERED(
            "filtered",
            "mode=status&at=0&tokens=60&text=&goes-on=rest&status=400&ttft=0ms&gap=0ms",
            "content filter: mode=status refuses the prompt, mode=finish stops the answer after some words",
            ErrorScenes::filtered),
    BAD_REQUEST("bad-request", "status=400&ttft=0ms", "refuses the request (400)", ErrorScenes::badRequest),
    REFUSED("refused", "ttft=0ms", "closes the connection without an answer", WireFaultScenes::refused),
    RESET("reset", "ttft=0ms", "breaks the connection off (RST) without an answer", WireFaultScenes::reset),
    SILENT("silent", "", "takes the request and never answers", WireFaultScenes::silent),
    HEADERS_THEN_NOTHING(
            "headers-then-nothing",
            "tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "sends a good status and then nothing",
            WireFaultScenes::headersThenNothing),
    ROLE_ONLY(
            "role-only",
            "tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "sends the first chunk (role) and then nothing",
            WireFaultScenes::roleOnly),
    CUT(
            "cut",
            "at=40&how=close&tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "is cut off after some words; how: close or reset",
            WireFaultScenes::cut),
    STALL(
            "stall",
            "at=20&tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "stalls after some text",
            WireFaultScenes::stall),
    PINGS(
            "pings",
            "every=100ms&at=0&tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "sends only comments",
            WireFaultScenes::pings),
    EMPTY(
            "empty",
            "form=blank&ttft=0ms&gap=0ms",
            "answers with nothing; form: blank, space, null or choices (none at all)",
            MalformedScenes::empty),
    GARBLED(
            "garbled",
            "how=auto&at=20&tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "answers with a broken body; how: json, html, chunk, or auto (bad JSON in a stream, else an HTML page)",
            MalformedScenes::garbled),
    ERROR_EVENT(
            "error-event",
            "at=20&form=data&tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "reports an error behind a good status, after some words; form: data, event or object",
            MalformedScenes::errorEvent),
    NO_DONE(
            "no-done",
            "hold=false&tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "finishes without [DONE]; hold=true leaves the stream open",
            MalformedScenes::noDone),
    DONE_WITHOUT_FINISH(
            "done-without-finish",
            "tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "ends with [DONE] but without a finish_reason",
            MalformedScenes::doneWithoutFinish),
    TOOL_CALL(
            "tool-call",
            "cut=false&ttft=0ms&gap=0ms",
            "calls the first tool on offer; cut=true is cut inside the arguments",
            ToolCallScene::play),
    JSON("json", "tokens=60&ttft=0ms&gap=0ms", "answers with a JSON object", AnswerScenes::json),
    USAGE_LAST(
            "usage-last",
            "late=200ms&tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "reports the usage some time after the finish, requested or not",
            AnswerScenes::usageLast),
    BIG(
            "big",
            "bytes=2097152&goes-on=rest&ttft=0ms&gap=0ms",
            "answers in one event of two megabytes",
            AnswerScenes::big),
    TINY(
            "tiny",
            "tokens=10000&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "answers in ten thousand tiny events",
            AnswerScenes::ok),
    GZIP(
            "gzip",
            "tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "compresses without a request for it",
            AnswerScenes::gzip),
    HTTP10(
            "http10",
            "tokens=60&text=&goes-on=rest&ttft=0ms&gap=0ms",
            "answers in HTTP/1.0 without a length: the body ends with the connection",
            AnswerScenes::http10),
    FLAKY(
            "flaky",
            "p=0.3&as=down&seed=1",
            "fails by chance, like the act that 'as' names; the same seed fails the same requests",
            UnsteadyScenes::flaky),
    ONCE(
            "once",
            "as=error&key=",
            "fails the first time for each key, like the act that 'as' names, then answers",
            UnsteadyScenes::once);

    private final String id;
    private final String signature;
    private final String description;
    private final Map<String, String> defaults;
    private final Scene scene;

    Act(String id, String parameters, String description, Scene scene) {
        this.id = id;
        this.signature = parameters.isEmpty() ? id : id + "?" + parameters;
        this.description = description;
        this.defaults = Map.copyOf(new LinkedHashMap<>(Parameters.parse(parameters)));
        this.scene = scene;
    }

    /** The name of the model, without parameters. */
    public String id() {
        return id;
    }

    /** The name with all parameters at their defaults, such as {@code down?status=503&ttft=0ms}. */
    public String signature() {
        return signature;
    }

    /** One line for people, without a full stop. */
    public String description() {
        return description;
    }

    Map<String, String> defaults() {
        return defaults;
    }

    /**
     * Has its scene write the script.
     *
     * @throws BadCue for parameters that do not fit
     */
    Script play(Cue cue) {
        return continuesOthers() && cue.refusesContinuation() ? ErrorScenes.prefillRefused(cue) : scene.write(cue);
    }

    /** Whether it answers with text, so that it can continue another act's. */
    private boolean continuesOthers() {
        return defaults.containsKey(ContinuationStyle.PARAMETER);
    }

    static Optional<Act> named(String id) {
        return Arrays.stream(values()).filter(act -> act.id.equals(id)).findFirst();
    }

    static String allNames() {
        return Arrays.stream(values()).map(Act::id).collect(Collectors.joining(", "));
    }

    /** The act that an unsteady one hands over to. */
    static Act standIn(String id) {
        return named(id)
                .filter(act -> !act.isUnsteady())
                .orElseThrow(() -> new BadCue("model", "'as' must name another act, such as as=down."));
    }

    /** Unsteady acts also take what the acts take that they hand over to. */
    boolean understands(String parameter, Map<String, String> given) {
        if (defaults.containsKey(parameter)) {
            return true;
        }
        return isUnsteady()
                && (OK.defaults.containsKey(parameter)
                        || standIn(given.getOrDefault("as", defaults.getOrDefault("as", "")))
                                .defaults
                                .containsKey(parameter));
    }

    private boolean isUnsteady() {
        return defaults.containsKey("as");
    }
}
