package dev.understudy.client.sdk;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.config.ProviderPreset;
import dev.understudy.calls.config.TargetName;
import dev.understudy.protocol.model.ModelTable;
import java.util.Optional;

/**
 * Which account a fallback's name stands for, where the name does not say it.
 *
 * <ol>
 *   <li>A name of the configuration, and {@code provider/model} of a provider that is configured or is an account of the client.
 *   <li>A model whose vendor is another than the SDK's and is configured, such as {@code claude-…} in openai-java: that vendor.
 *   <li>The fallback client, if there is one.
 *   <li>A model whose vendor the SDK itself calls: the SDK's own account.
 *   <li>A model whose vendor is configured: that vendor.
 *   <li>Any other name: the SDK's own account, unless that is the account of a vendor that does not have the model.
 * </ol>
 */
final class FallbackNames {
    private final String sdks;
    private final Catalog catalog;
    private final String own;
    private final Optional<String> client;

    /**
     * @param sdks the vendor of the SDK
     * @param catalog with the accounts of the client
     * @param own the SDK's own account
     * @param client the account of names without a provider
     */
    FallbackNames(String sdks, Catalog catalog, String own, Optional<String> client) {
        this.sdks = sdks;
        this.catalog = catalog;
        this.own = own;
        this.client = client;
    }

    /** The name with its provider; the same if it has one, or if no account has the model. */
    String qualified(String name) {
        if (catalog.isConfigured(name) || hasProvider(name)) {
            return name;
        }
        Optional<String> vendor = ModelTable.providerOf(name);
        Optional<String> other =
                vendor.filter(each -> !each.equals(sdks) && !each.equals(own)).filter(catalog::hasProvider);
        if (other.isPresent()) {
            return other.get() + "/" + name;
        }
        if (client.isPresent()) {
            return client.get() + "/" + name;
        }
        if (vendor.isPresent() && !vendor.get().equals(own) && catalog.hasProvider(vendor.get())) {
            return vendor.get() + "/" + name;
        }
        boolean lacks = isVendorsOwn() && !vendor.equals(Optional.of(own)) && (vendor.isPresent() || namesVendor(name));
        return lacks ? name : own + "/" + name;
    }

    private boolean hasProvider(String name) {
        return TargetName.parse(name)
                        .filter(each -> catalog.hasProvider(each.provider()))
                        .isPresent()
                || (name.indexOf(':') > 0 && catalog.hasProvider(name.substring(0, name.indexOf(':'))));
    }

    /** Whether the SDK calls one vendor, and not a router or a server of the application. */
    private boolean isVendorsOwn() {
        return ProviderPreset.named(own)
                .filter(preset -> preset != ProviderPreset.OPENROUTER)
                .isPresent();
    }

    private static boolean namesVendor(String name) {
        return TargetName.parse(name)
                .flatMap(each -> ProviderPreset.named(each.provider()))
                .isPresent();
    }
}
