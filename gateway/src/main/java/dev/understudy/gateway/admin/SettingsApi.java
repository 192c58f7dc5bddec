package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.SettingsLayer;
import dev.understudy.store.SettingsVersion;
import dev.understudy.store.StoreUnavailable;
import java.util.List;
import java.util.Set;

/**
 * The paths of the admin API that concern the settings as a whole: what is in force, and the versions of the console's changes.
 */
public final class SettingsApi {
    private static final long MOST_VERSIONS = 200;
    private static final long USUAL_VERSIONS = 50;

    private final RuntimeSettings settings;

    public SettingsApi(RuntimeSettings settings) {
        this.settings = settings;
    }

    /** Its operations, for {@link AdminApi#and}. */
    public List<AdminApi.Operation> operations() {
        return List.of(
                AdminApi.operation("GET", "/settings", this::settings),
                AdminApi.operation("GET", "/settings/export", this::export),
                AdminApi.operation("POST", "/settings/reset", this::reset),
                AdminApi.operation("GET", "/versions", this::versions),
                AdminApi.operation("GET", "/versions/{n}", this::version),
                AdminApi.operation("POST", "/versions/{n}/restore", this::restore));
    }

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
                AdminApi.change(request, note(request, "all changes were reset")),
                (file, layer) -> SettingsLayer.EMPTY));
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
            return changed(settings.change(AdminApi.change(request, note), (file, now) -> layer));
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
}
