package dev.understudy.gateway.admin;

import dev.understudy.store.StoreUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The routes of the admin API, as {@code openapi.json} describes them, but for those that need the connection itself: health, events and
 * calls that are tried out.
 *
 * <p>Handlers read files and wait for the store, so they run on threads of their own.
 */
public final class AdminApi {
    private static final String ROOT = "/admin/v1";

    private final List<Operation> operations;

    /** Answers requests for one operation. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Answers a request. May block.
         *
         * @throws AdminError if the request is refused
         * @throws StoreUnavailable if the store cannot be reached
         */
        AdminResponse handle(AdminRequest request) throws AdminError, StoreUnavailable;
    }

    /**
     * What is done for a method of a path.
     *
     * @param path with its variables in braces
     */
    public record Operation(String method, String path, Handler handler) {}

    /** An operation that a path leads to, with the values of the path's variables as the path has them. */
    public record Match(Operation operation, Map<String, String> variables) {}

    /** With the operation that describes all of them; the others are added by {@link #and}. */
    public AdminApi() {
        this(List.of(operation("GET", "/openapi.json", request -> openApi())));
    }

    private AdminApi(List<Operation> operations) {
        this.operations = operations;
    }

    /** The same with further operations. */
    public AdminApi and(List<Operation> further) {
        List<Operation> all = new ArrayList<>(operations);
        all.addAll(further);
        return new AdminApi(List.copyOf(all));
    }

    /** @param path below the root of the API */
    static Operation operation(String method, String path, Handler handler) {
        return new Operation(method, ROOT + path, handler);
    }

    /** All operations. */
    public List<Operation> operations() {
        return operations;
    }

    /** The operations at a path, each with another method. */
    public List<Match> at(String path) {
        if (!path.startsWith(ROOT + "/")) {
            return List.of();
        }
        String[] steps = path.split("/", -1);
        return operations.stream()
                .flatMap(operation -> match(operation, steps).stream())
                .toList();
    }

    private static Optional<Match> match(Operation operation, String[] steps) {
        String[] pattern = operation.path().split("/", -1);
        if (pattern.length != steps.length) {
            return Optional.empty();
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = 0; i < pattern.length; i++) {
            if (pattern[i].startsWith("{")) {
                variables.put(pattern[i].substring(1, pattern[i].length() - 1), steps[i]);
            } else if (!pattern[i].equals(steps[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(new Match(operation, variables));
    }

    /** Who changes which version of the settings, and why. */
    static RuntimeSettings.Change change(AdminRequest request, String note) {
        return new RuntimeSettings.Change(request.ifMatch(), request.author(), note);
    }

    private static AdminResponse openApi() {
        try (InputStream in = AdminApi.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is not on the class path");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new AdminResponse(200, "application/json", Optional.empty(), text);
        } catch (IOException failed) {
            throw new IllegalStateException("openapi.json cannot be read", failed);
        }
    }
}
