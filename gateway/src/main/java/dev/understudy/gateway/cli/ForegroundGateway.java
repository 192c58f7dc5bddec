package dev.understudy.gateway.cli;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.ServerSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsSource;
import dev.understudy.gateway.Gateway;
import dev.understudy.gateway.admin.RuntimeSettings;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.store.Store;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the gateway until the process is terminated, then lets running calls finish. */
final class ForegroundGateway implements Serving {
    /** What a stop may take beyond the drain itself. */
    private static final long CLOSING_SECONDS = 5;

    private static final long FURTHER_SIGNAL_AFTER = TimeUnit.SECONDS.toNanos(1);

    @Override
    public int serve(Settings alone, SettingsSource source, boolean watch, Optional<Path> data, PrintWriter out)
            throws Exception {
        Optional<FileWatch> changes = watch ? Optional.of(new FileWatch(source)) : Optional.empty();
        AccessLog log = AccessLog.to(new FileOutputStream(FileDescriptor.out));
        StoreFolder.Opened store = StoreFolder.open(alone.store(), source.document(), data, Environment.ofProcess());
        RuntimeSettings runtime = RuntimeSettings.open(source, store.store(), store.described());
        Gateway gateway = start(runtime, log);
        stopAtExit(gateway, log, () -> store.store().ifPresent(Store::close), out);
        ConfigurationReload.install(gateway, source, changes);
        Settings settings = gateway.settings();
        ServerSettings server = settings.server().listeningOn(gateway.port());
        out.println("Understudy listens on " + server.localUrl() + " (OpenAI base URL: " + server.localUrl() + "/v1)");
        out.println("providers: " + String.join(", ", settings.providers().keySet()) + "; models: "
                + (settings.models().isEmpty()
                        ? "(none configured)"
                        : String.join(", ", settings.models().keySet())));
        out.println("console: " + console(server, gateway.adminPort()));
        out.println((store.store().isPresent() ? "" : "Warning: ") + store.described());
        settings.warnings().forEach(warning -> out.println("Warning: " + warning));
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }

    /** Where the operator's pages are: on a port of their own if the settings give them one. */
    private static String console(ServerSettings server, Optional<Integer> adminPort) {
        return adminPort
                        .map(port -> "http://" + server.admin().host() + ":" + port)
                        .orElseGet(server::localUrl) + "/console/";
    }

    /**
     * Starts a gateway and waits until it listens.
     *
     * @throws InvalidSettings if it cannot listen where the settings say
     */
    static Gateway start(RuntimeSettings runtime, AccessLog log)
            throws InvalidSettings, InterruptedException, ExecutionException {
        Settings settings = runtime.atStart();
        try {
            return Gateway.start(runtime, log, Environment.ofProcess())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException failed) {
            // The transport throws what the JDK would, or an IOException with the system's words for it.
            if (failed.getCause() instanceof IOException cannotListen) {
                ServerSettings server = settings.server();
                throw InvalidSettings.inUse(
                        "server",
                        "cannot listen on " + server.host() + ":" + server.port() + " (" + cannotListen.getMessage()
                                + "); stop the other process, or choose another address with --port or --host");
            }
            throw failed;
        }
    }

    /**
     * A server is ended by a signal, so that the shutdown hook is the last code that runs.
     *
     * @param last done when the gateway is closed
     */
    static void stopAtExit(Gateway gateway, AccessLog log, Runnable last, PrintWriter out) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            endAtOnceOnFurtherSignals();
            long drain = gateway.settings().server().drain().toSeconds();
            try {
                gateway.stop().toCompletionStage().toCompletableFuture().get(drain + CLOSING_SECONDS, TimeUnit.SECONDS);
                log.close();
            } catch (TimeoutException late) {
                out.println("some calls did not end within " + drain + " s and were ended");
            } catch (InterruptedException | ExecutionException failed) {
                out.println("the gateway did not close cleanly: " + failed);
            } finally {
                last.run();
            }
            out.flush();
        }));
    }

    /**
     * An operator who does not want to wait for the drain sends another signal. One that follows at once is none of that kind:
     * some tools signal a process and its group.
     */
    private static void endAtOnceOnFurtherSignals() {
        long began = System.nanoTime();
        for (String name : new String[] {"INT", "TERM"}) {
            ProcessSignals.handle(name, number -> {
                if (System.nanoTime() - began > FURTHER_SIGNAL_AFTER) {
                    System.err.println("ended by a further SIG" + name + "; running calls were cut off");
                    Runtime.getRuntime().halt(128 + number);
                }
            });
        }
    }
}
