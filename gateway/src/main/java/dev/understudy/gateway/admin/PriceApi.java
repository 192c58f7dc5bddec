package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsLayer;
import dev.understudy.calls.config.TargetName;
import dev.understudy.protocol.model.ModelPrice;
import dev.understudy.protocol.model.ModelTable;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The paths of the admin API that concern prices: those that the file and the console state, and what each target costs by them or by
 * the list price of its model. A change is one of the settings, with their versions.
 */
public final class PriceApi {
    /** What a price consists of, as the configuration calls it. */
    static final List<String> AMOUNTS = List.of("input", "cached-input", "output");

    private static final Set<String> MEMBERS = Set.of("prices", "note");
    private static final String PATH = "/prices";
    private static final String PRICES = "prices";
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    private final RuntimeSettings settings;

    public PriceApi(RuntimeSettings settings) {
        this.settings = settings;
    }

    /** Its operations, for {@link AdminApi#and}. */
    public List<AdminApi.Operation> operations() {
        return List.of(
                AdminApi.operation("GET", PATH, request -> document(settings.state())),
                AdminApi.operation("PUT", PATH, this::change));
    }

    private AdminResponse change(AdminRequest request) throws AdminError {
        ObjectNode body = request.object(MEMBERS);
        RuntimeSettings.Change change = AdminApi.change(request, AdminRequest.text(body, "note"));
        return document(settings.change(change, edit(body.path(PRICES))));
    }

    /** The change that a request makes of the prices. Those that it does not mention stay; null is as in the file. */
    private static RuntimeSettings.Edit edit(JsonNode wanted) throws AdminError {
        if (!(wanted instanceof ObjectNode prices)) {
            throw AdminError.invalid(List.of(AdminRequest.problem(
                    PRICES, "must be an object with a price, or null, for each target that changes")));
        }
        Map<String, ObjectNode> amounts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> price : prices.properties()) {
            ChainDocuments.checkName(price.getKey(), PRICES, "the name of a target");
            amounts.put(price.getKey(), amounts(price.getKey(), price.getValue()));
        }
        return (file, layer) -> {
            SettingsLayer changed = layer;
            for (Map.Entry<String, ObjectNode> price : amounts.entrySet()) {
                changed = changed.withPrice(price.getKey(), stated(price.getKey(), price.getValue(), file, layer));
            }
            return changed;
        };
    }

    /** The amounts of a price that a request states; none if the price is to be as in the file. */
    private static ObjectNode amounts(String target, JsonNode price) throws AdminError {
        ObjectNode amounts = JsonNodeFactory.instance.objectNode();
        if (price.isNull()) {
            return amounts;
        }
        if (!price.isObject() || price.isEmpty()) {
            throw AdminError.invalid(List.of(AdminRequest.problem(
                    PRICES + ".\"" + target + "\"", "must be an object with input and output, or null")));
        }
        price.properties().forEach(amount -> amounts.set(amount.getKey(), amount(amount.getValue())));
        return amounts;
    }

    /** A number that is written as a text is a number; what is none is reported by the reader of the configuration. */
    private static JsonNode amount(JsonNode stated) {
        if (!stated.isTextual()) {
            return stated;
        }
        String text = stated.textValue().strip();
        if (text.isEmpty()) {
            return NullNode.getInstance();
        }
        return DECIMAL.matcher(text).matches() ? DecimalNode.valueOf(new BigDecimal(text)) : stated;
    }

    private static ObjectNode stated(String target, ObjectNode amounts, ObjectNode file, SettingsLayer layer) {
        if (amounts.isEmpty()) {
            return amounts;
        }
        ObjectNode own = layer.price(target).orElseGet(JsonNodeFactory.instance::objectNode);
        List<String> stated =
                amounts.properties().stream().map(Map.Entry::getKey).toList();
        ChainDocuments.stateAll(own, file.path(PRICES).path(target), stated, amounts);
        return own;
    }

    private static AdminResponse document(RuntimeSettings.State state) {
        Settings now = state.settings();
        SettingsLayer layer = state.misfit().isEmpty() ? state.layer() : SettingsLayer.EMPTY;
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", state.version());
        state.misfit().ifPresent(warning -> json.put("warning", warning));
        ArrayNode stated = json.putArray(PRICES);
        now.prices().forEach((target, price) -> {
            ObjectNode each = stated.addObject();
            each.put("target", target);
            each.put(
                    "source",
                    ChainDocuments.source(
                            state.file().path(PRICES).has(target),
                            layer.price(target).isPresent()));
            write(each, price);
        });
        Set<TargetName> used = now.targetsOfChains();
        ArrayNode targets = json.putArray("targets");
        for (String name : ChainApi.targetsToChoose(now, Catalog.of(now))) {
            Optional<TargetName> target = TargetName.parse(name);
            // What the rehearsal provider plays costs nothing, and is listed where a chain uses it.
            if (target.isPresent()
                    && (used.contains(target.get()) || !target.get().provider().equals(Settings.REHEARSAL))) {
                writeTarget(targets.addObject(), target.get(), used.contains(target.get()), now);
            }
        }
        return AdminResponse.of(json).at(state.version());
    }

    private static void writeTarget(ObjectNode json, TargetName target, boolean used, Settings now) {
        json.put("target", target.toString());
        json.put("used", used);
        Optional<ModelPrice> list = ModelTable.priceOf(target.model());
        list.ifPresent(price -> write(json.putObject("list"), price));
        Optional<Map.Entry<String, ModelPrice>> stated = now.statedPriceOf(target);
        stated.ifPresent(entry -> json.put("price", entry.getKey()));
        stated.map(Map.Entry::getValue).or(() -> list).ifPresent(price -> write(json, price));
    }

    private static void write(ObjectNode json, ModelPrice price) {
        json.put("input", ModelPrice.perMillion(price.input()).toPlainString());
        if (price.cachedInput() != price.input()) {
            json.put("cached-input", ModelPrice.perMillion(price.cachedInput()).toPlainString());
        }
        json.put("output", ModelPrice.perMillion(price.output()).toPlainString());
    }
}
