package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.TargetName;
import dev.understudy.calls.config.YamlTree;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.rehearsal.Act;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The paths of the admin API that concern chains, groups and the models to choose from. A change is one of the settings, with their
 * versions.
 */
public final class ChainApi {
    private static final Set<String> FALLBACKS = Set.of("fallbacks", "on", "note");

    private final RuntimeSettings settings;

    /** Reads what a request's body changes. */
    private interface Reader {
        RuntimeSettings.Edit read(ObjectNode body) throws AdminError;
    }

    public ChainApi(RuntimeSettings settings) {
        this.settings = settings;
    }

    /** Its operations, for {@link AdminApi#and}. */
    public List<AdminApi.Operation> operations() {
        return List.of(
                AdminApi.operation("GET", "/chains", this::chains),
                AdminApi.operation("PUT", "/chains/{name}", this::putChain),
                AdminApi.operation("DELETE", "/chains/{name}", this::deleteChain),
                AdminApi.operation("POST", "/chains/{name}/preview", this::preview),
                AdminApi.operation("PUT", "/groups/{name}", this::putGroup),
                AdminApi.operation("DELETE", "/groups/{name}", this::deleteGroup),
                AdminApi.operation("PUT", "/fallbacks", this::putFallbacks),
                AdminApi.operation("GET", "/models", this::models));
    }

    private AdminResponse chains(AdminRequest request) throws AdminError {
        return chains(settings.state());
    }

    private static AdminResponse chains(RuntimeSettings.State state) {
        return AdminResponse.of(ChainDocuments.chains(state)).at(state.version());
    }

    private AdminResponse putChain(AdminRequest request) throws AdminError {
        return put(request, ChainDocuments.MEMBERS, body -> ChainDocuments.edit(request.variable("name"), body));
    }

    private AdminResponse putGroup(AdminRequest request) throws AdminError {
        return put(
                request,
                ChainDocuments.MEMBERS_OF_GROUP,
                body -> ChainDocuments.editGroup(request.variable("name"), body));
    }

    private AdminResponse putFallbacks(AdminRequest request) throws AdminError {
        return put(request, FALLBACKS, ChainDocuments::fallbacks);
    }

    /** Puts in force what a request's body says, and answers with all chains as they are then. */
    private AdminResponse put(AdminRequest request, Set<String> members, Reader reader) throws AdminError {
        ObjectNode body = request.object(members);
        RuntimeSettings.Edit edit = reader.read(body);
        return chains(settings.change(AdminApi.change(request, AdminRequest.text(body, "note")), edit));
    }

    private AdminResponse deleteChain(AdminRequest request) throws AdminError {
        return delete(request, ChainDocuments.remove(request.variable("name")));
    }

    private AdminResponse deleteGroup(AdminRequest request) throws AdminError {
        return delete(request, ChainDocuments.removeGroup(request.variable("name")));
    }

    private AdminResponse delete(AdminRequest request, RuntimeSettings.Edit edit) throws AdminError {
        return chains(settings.change(AdminApi.change(request, ""), edit));
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
}
