package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.ContentsSettings;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsLayer;
import dev.understudy.calls.config.TargetName;
import dev.understudy.calls.config.YamlTree;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.rehearsal.Act;
import dev.understudy.store.CallContents;
import dev.understudy.store.CallRecord;
import dev.understudy.store.CallSummary;
import dev.understudy.store.SettingsVersion;
import dev.understudy.store.StoreUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of the admin API, as {@code openapi.json} describes them, but for those that need the connection itself: health, events and
 * calls that are tried out.
 *
 * <p>Handlers read files and wait for the store, so they run on threads of their own.
 */
public final class AdminApi {
    private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
    private static final String ROOT = "/admin/v1";
    private static final Set<String> FALLBACKS = Set.of("fallbacks", "on", "note");
    private static final int MOST_MINUTES = 30 * 24 * 60;
    private static final long MOST_VERSIONS = 200;
    private static final long USUAL_VERSIONS = 50;

    private final RuntimeSettings settings;
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

    public AdminApi(RuntimeSettings settings) {
        this.settings = settings;
        this.operations = List.of(
                operation("GET", "/chains", this::chains),
                operation("PUT", "/chains/{name}", this::putChain),
                operation("DELETE", "/chains/{name}", this::deleteChain),
                operation("POST", "/chains/{name}/preview", this::preview),
                operation("PUT", "/groups/{name}", this::putGroup),
                operation("DELETE", "/groups/{name}", this::deleteGroup),
                operation("PUT", "/fallbacks", this::putFallbacks),
                operation("GET", "/models", this::models),
                operation("GET", "/settings", this::settings),
                operation("GET", "/settings/export", this::export),
                operation("POST", "/settings/reset", this::reset),
                operation("GET", "/versions", this::versions),
                operation("GET", "/versions/{n}", this::version),
                operation("POST", "/versions/{n}/restore", this::restore),
                operation("GET", "/overview", this::overview),
                operation("GET", "/calls", this::calls),
                operation("GET", "/calls/{id}", this::call),
                operation("GET", "/calls/{id}/contents", this::contents),
                operation("GET", "/openapi.json", request -> openApi()));
    }

    private AdminApi(RuntimeSettings settings, List<Operation> operations) {
        this.settings = settings;
        this.operations = operations;
    }

    /** The same with further operations. */
    public AdminApi and(List<Operation> further) {
        List<Operation> all = new ArrayList<>(operations);
        all.addAll(further);
        return new AdminApi(settings, List.copyOf(all));
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

    // Chains.

    private AdminResponse chains(AdminRequest request) throws AdminError {
        return chains(settings.state());
    }

    private static AdminResponse chains(RuntimeSettings.State state) {
        return AdminResponse.of(ChainDocuments.chains(state)).at(state.version());
    }

    private AdminResponse putChain(AdminRequest request) throws AdminError {
        ObjectNode body = request.object(ChainDocuments.MEMBERS);
        RuntimeSettings.Edit edit = ChainDocuments.edit(request.variable("name"), body);
        return chains(settings.change(change(request, AdminRequest.text(body, "note")), edit));
    }

    private AdminResponse deleteChain(AdminRequest request) throws AdminError {
        return chains(settings.change(change(request, ""), ChainDocuments.remove(request.variable("name"))));
    }

    private AdminResponse putGroup(AdminRequest request) throws AdminError {
        ObjectNode body = request.object(ChainDocuments.MEMBERS_OF_GROUP);
        RuntimeSettings.Edit edit = ChainDocuments.editGroup(request.variable("name"), body);
        return chains(settings.change(change(request, AdminRequest.text(body, "note")), edit));
    }

    private AdminResponse deleteGroup(AdminRequest request) throws AdminError {
        return chains(settings.change(change(request, ""), ChainDocuments.removeGroup(request.variable("name"))));
    }

    private AdminResponse putFallbacks(AdminRequest request) throws AdminError {
        ObjectNode body = request.object(FALLBACKS);
        RuntimeSettings.Edit edit = ChainDocuments.fallbacks(body);
        return chains(settings.change(change(request, AdminRequest.text(body, "note")), edit));
    }

    private AdminResponse preview(AdminRequest request) throws AdminError {
        ObjectNode body = request.object(ChainDocuments.MEMBERS);
        String name = request.variable("name");
        RuntimeSettings.Draft draft = settings.draft(ChainDocuments.edit(name, body));
        ObjectNode before = ChainDocuments.chain(settings.state().merged(), name);
        ObjectNode after = ChainDocuments.chain(draft.merged(), name);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        try {
            settings.settings(draft);
            json.put("valid", true);
            json.putArray("problems");
        } catch (AdminError invalid) {
            json.put("valid", false);
            json.set("problems", AdminError.written(invalid.problems()));
        }
        json.put("before", before.isEmpty() ? "" : YamlTree.text(before));
        json.put("after", after.isEmpty() ? "" : YamlTree.text(after));
        ArrayNode changes = json.putArray("changes");
        SettingsDiff.chain(
                        before.path("models").path(name), after.path("models").path(name))
                .forEach(changes::add);
        return AdminResponse.of(json).at(settings.state().version());
    }

    /** Who changes which version of the settings, and why. */
    static RuntimeSettings.Change change(AdminRequest request, String note) {
        return new RuntimeSettings.Change(request.ifMatch(), request.author(), note);
    }

    private AdminResponse models(AdminRequest request) throws AdminError {
        Settings now = settings.state().settings();
        Catalog catalog = Catalog.of(now);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode models = json.putArray("models");
        for (String name : targetsToChoose(now, catalog)) {
            ObjectNode model = models.addObject();
            model.put("name", name);
            TargetName.parse(name).ifPresent(target -> model.put("provider", target.provider()));
            Optional<Route> route = catalog.resolve(name).stream().findFirst();
            route.ifPresent(known -> {
                known.contextWindow().ifPresent(tokens -> model.put("context_window", tokens));
                model.put("reasons", known.capabilities().reasons() == ModelCapabilities.Can.YES);
            });
        }
        return AdminResponse.of(json);
    }

    /** The targets of the configuration, and those that the model table has for its providers. */
    static Set<String> targetsToChoose(Settings now, Catalog catalog) {
        Set<String> names = new LinkedHashSet<>();
        catalog.models()
                .forEach(name -> catalog.resolve(name)
                        .forEach(route -> names.add(route.target().name())));
        now.providers().keySet().forEach(provider -> {
            if (provider.equals(Settings.REHEARSAL)) {
                Arrays.stream(Act.values()).forEach(act -> names.add(provider + "/" + act.id()));
            } else {
                ModelTable.namesOf(provider.toLowerCase(Locale.ROOT))
                        .forEach(model -> names.add(provider + "/" + model));
            }
        });
        return names;
    }

    // Settings and their versions.

    private AdminResponse settings(AdminRequest request) throws AdminError {
        RuntimeSettings.State state = settings.state();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", state.version());
        json.put("layer", state.layer().yaml());
        json.put("effective", SettingsTexts.effective(state));
        json.put("file", state.document().text().isPresent() ? state.document().name() : null);
        state.misfit().ifPresent(warning -> json.put("warning", warning));
        return AdminResponse.of(json).at(state.version());
    }

    private AdminResponse export(AdminRequest request) throws AdminError {
        RuntimeSettings.State state = settings.state();
        return AdminResponse.yaml(SettingsTexts.export(state)).at(state.version());
    }

    private AdminResponse reset(AdminRequest request) throws AdminError {
        return changed(settings.change(
                change(request, note(request, "all changes were reset")), (file, layer) -> SettingsLayer.EMPTY));
    }

    private AdminResponse versions(AdminRequest request) throws AdminError, StoreUnavailable {
        long before = request.number("before", 1, Long.MAX_VALUE).orElse(Long.MAX_VALUE);
        int limit =
                request.number("limit", 1, MOST_VERSIONS).orElse(USUAL_VERSIONS).intValue();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode versions = json.putArray("versions");
        for (SettingsVersion version : settings.openStore().settings().list(before, limit)) {
            ObjectNode each = versions.addObject();
            each.put("version", version.version());
            each.put("at", version.at().toString());
            each.put("author", version.author());
            each.put("note", version.note());
            ArrayNode changes = each.putArray("changes");
            version.changes().forEach(changes::add);
        }
        return AdminResponse.of(json).at(settings.state().version());
    }

    private AdminResponse version(AdminRequest request) throws AdminError, StoreUnavailable {
        SettingsVersion version = stored(request);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", version.version());
        json.put("layer", version.layer());
        return AdminResponse.of(json);
    }

    private AdminResponse restore(AdminRequest request) throws AdminError, StoreUnavailable {
        SettingsVersion version = stored(request);
        String note = note(request, "version " + version.version() + " was restored");
        try {
            SettingsLayer layer = SettingsLayer.parse(version.layer());
            return changed(settings.change(change(request, note), (file, now) -> layer));
        } catch (InvalidSettings broken) {
            throw AdminError.invalid(broken);
        }
    }

    private SettingsVersion stored(AdminRequest request) throws AdminError, StoreUnavailable {
        String number = request.variable("n");
        if (!number.matches("\\d{1,18}")) {
            throw AdminError.notFound("a version has a number");
        }
        return settings.openStore()
                .settings()
                .version(Long.parseLong(number))
                .orElseThrow(() -> AdminError.notFound("there is no version " + number + ", or it is no longer kept"));
    }

    private static String note(AdminRequest request, String usual) throws AdminError {
        String note = request.body().length == 0 ? "" : AdminRequest.text(request.object(Set.of("note")), "note");
        return note.isBlank() ? usual : note;
    }

    private static AdminResponse changed(RuntimeSettings.State state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", state.version());
        return AdminResponse.of(json).at(state.version());
    }

    // Calls.

    private AdminResponse overview(AdminRequest request) throws AdminError {
        long minutes = request.number("minutes", 1, MOST_MINUTES).orElse(60L);
        Instant since = Instant.now().minus(Duration.ofMinutes(minutes));
        if (settings.store().isEmpty()) {
            return AdminResponse.of(
                    CallDocuments.overview(since, Optional.empty(), CallDocuments.noLog(settings.whyNoStore())));
        }
        ObjectNode log = CallDocuments.log(settings.store().get().status());
        try {
            CallSummary summary = settings.store().get().calls().summary(since);
            return AdminResponse.of(CallDocuments.overview(since, Optional.of(summary), log));
        } catch (StoreUnavailable failed) {
            log.put("state", "unavailable");
            log.put("message", failed.getMessage());
            return AdminResponse.of(CallDocuments.overview(since, Optional.empty(), log));
        }
    }

    private AdminResponse calls(AdminRequest request) throws AdminError, StoreUnavailable {
        try {
            ObjectNode page = CallDocuments.page(settings.openStore().calls().find(CallDocuments.query(request)));
            keptContents().ifPresent(kept -> page.put("contents_kept", kept));
            return AdminResponse.of(page);
        } catch (IllegalArgumentException cursor) {
            throw AdminError.badRequest("invalid_parameter", "before is not a cursor that a page has given");
        }
    }

    private AdminResponse call(AdminRequest request) throws AdminError, StoreUnavailable {
        String id = request.variable("id");
        CallRecord call = settings.openStore()
                .calls()
                .find(id)
                .orElseThrow(() -> AdminError.notFound("no call with this id is kept"));
        ObjectNode json = CallDocuments.whole(call);
        json.put("has_contents", settings.openStore().contents().has(id));
        keptContents().ifPresent(kept -> json.put("contents_kept", kept));
        return AdminResponse.of(json);
    }

    /** For how long contents of calls are kept; empty if they are not. */
    private Optional<String> keptContents() throws AdminError {
        ContentsSettings contents = settings.state().settings().store().contents();
        return contents.enabled()
                ? Optional.of(settings.atStart().store().contents().retentionText())
                : Optional.empty();
    }

    /** Each look at a conversation is in the log. */
    private AdminResponse contents(AdminRequest request) throws AdminError, StoreUnavailable {
        String id = request.variable("id");
        CallContents.Content content = settings.openStore()
                .contents()
                .find(id)
                .orElseThrow(() -> AdminError.notFound("no contents of a call with this id are kept"));
        LOG.info(
                "the contents of call {} were read by {}",
                content.id(),
                request.author().isEmpty() ? "an unnamed reader" : request.author());
        return AdminResponse.of(CallDocuments.contents(content));
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
