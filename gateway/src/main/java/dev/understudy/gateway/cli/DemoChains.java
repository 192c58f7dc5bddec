package dev.understudy.gateway.cli;

import dev.understudy.calls.config.Bind;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsDocument;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.config.SettingsSource;
import java.util.Optional;

/** The configuration of the demo's gateway: chains of the rehearsal provider, which the console shows and can change. */
record DemoChains(SettingsReader reader) implements SettingsSource {
    private static final SettingsDocument CHAINS = new SettingsDocument("the demo's configuration", Optional.of("""
            providers:
              rehearsal: {}
            models:
              assistant:
                targets: [rehearsal/down, rehearsal/ok]
              long-answers:
                targets: ["rehearsal/cut?at=12", rehearsal/ok]
            """));

    /** @param settings of the demo, for its address */
    static DemoChains at(Settings settings) {
        Bind bind = new Bind(
                Optional.of(settings.server().host()),
                Optional.of(settings.server().port()));
        return new DemoChains(new SettingsReader(Environment.ofProcess(), bind));
    }

    @Override
    public SettingsDocument document() {
        return CHAINS;
    }
}
