package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Problem;
import java.io.Serial;
import java.util.List;
import java.util.Optional;

/** A request to the admin API that is refused. */
public final class AdminError extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient List<Problem> problems;
    private final transient Optional<Long> version;

    private AdminError(int status, String code, String message, List<Problem> problems, Optional<Long> version) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.problems = List.copyOf(problems);
        this.version = version;
    }

    static AdminError of(int status, String code, String message) {
        return new AdminError(status, code, message, List.of(), Optional.empty());
    }

    /** @param version that is in force */
    static AdminError of(int status, String code, String message, long version) {
        return new AdminError(status, code, message, List.of(), Optional.of(version));
    }

    static AdminError badRequest(String code, String message) {
        return of(400, code, message);
    }

    static AdminError notFound(String message) {
        return of(404, "not_found", message);
    }

    /** A provider that the configuration does not have. */
    public static AdminError noSuchProvider() {
        return notFound("there is no such provider; GET /admin/v1/providers lists them");
    }

    /** The configuration forbids drills, and with them calls of the console to providers. */
    static AdminError drillsOff() {
        return of(403, "drills_off", "the configuration forbids drills (server.admin.drills: off)");
    }

    /** The store is not there: nothing was changed, and calls are not affected. */
    public static AdminError storeUnavailable(String reason) {
        return of(503, "store_unavailable", reason);
    }

    /** Too many requests wait, as when the store is stalled. */
    public static AdminError busy() {
        return of(503, "gateway_overloaded", "too many requests to the admin API wait; try again shortly");
    }

    /** A fault of ours. */
    public static AdminError fault() {
        return of(500, "gateway_fault", "internal error in the gateway; see its log");
    }

    static AdminError invalid(InvalidSettings broken) {
        return invalid(broken.problems());
    }

    static AdminError invalid(List<Problem> problems) {
        return new AdminError(
                422,
                "invalid_settings",
                "the settings cannot be used; nothing was changed",
                problems,
                Optional.empty());
    }

    static AdminError preconditionRequired(long current) {
        return new AdminError(
                428,
                "precondition_required",
                "send the version to which the change is made in an If-Match header (the ETag of GET /admin/v1/chains)",
                List.of(),
                Optional.of(current));
    }

    static AdminError versionConflict(long current) {
        return new AdminError(
                412,
                "version_conflict",
                "the settings were changed in the meantime and are at version " + current
                        + "; read them again and repeat the change",
                List.of(),
                Optional.of(current));
    }

    /** @param current the version of the key */
    static AdminError keyConflict(long current) {
        return of(
                412,
                "version_conflict",
                "the key was changed in the meantime; read it again and repeat the change",
                current);
    }

    /** The problems, if settings are invalid. */
    List<Problem> problems() {
        return problems;
    }

    /** The response that reports it. */
    public AdminResponse response() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode error = body.putObject("error");
        error.put("type", status < 500 ? "invalid_request_error" : "server_error");
        error.put("code", code);
        error.put("message", getMessage());
        version.ifPresent(current -> error.put("version", current));
        if (!problems.isEmpty()) {
            error.set("problems", written(problems));
        }
        return new AdminResponse(status, "application/json", version, body.toString());
    }

    /** Problems as the API has them; one of the file says where it is in the file. */
    static ArrayNode written(List<Problem> problems) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Problem problem : problems) {
            ObjectNode each = list.addObject();
            each.put("path", problem.path());
            each.put("message", problem.message());
            if (problem.line() > 0) {
                each.put("source", problem.file() + ":" + problem.line());
            }
        }
        return list;
    }
}
