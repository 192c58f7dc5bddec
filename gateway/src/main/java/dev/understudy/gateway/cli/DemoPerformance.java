package dev.understudy.gateway.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.calls.config.Settings;
import dev.understudy.gateway.Gateway;
import dev.understudy.gateway.admin.RuntimeSettings;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.store.Store;
import dev.understudy.store.StoreOptions;
import dev.understudy.store.Stores;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Starts a gateway with the rehearsal provider, makes calls whose first choice fails, and prints the result of each. */
final class DemoPerformance implements Demo {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public int perform(Settings settings, boolean stays, PrintWriter out) throws Exception {
        AccessLog silent = AccessLog.to(OutputStream.nullOutputStream());
        Gateway gateway = stays ? withConsole(settings, silent, out) : plain(settings, silent, out);
        String address = settings.server().listeningOn(gateway.port()).localUrl();
        out.println("A gateway runs at " + address + ", with a provider behind it that fails on demand.");
        out.println("Each call names a primary that fails, and its fallbacks.");
        out.println();
        out.flush();
        boolean asAnnounced = callAll(address, out);
        if (stays) {
            printNextSteps(address, out);
            new CountDownLatch(1).await();
        }
        return asAnnounced ? 0 : 1;
    }

    private static Gateway plain(Settings settings, AccessLog log, PrintWriter out) throws Exception {
        Gateway gateway = ForegroundGateway.start(RuntimeSettings.fixed(settings), log);
        ForegroundGateway.stopAtExit(gateway, log, () -> {}, out);
        return gateway;
    }

    /** A gateway that keeps its calls, for the console, in a folder that is deleted at the end. */
    private static Gateway withConsole(Settings settings, AccessLog log, PrintWriter out) throws Exception {
        Path folder = Files.createTempDirectory("understudy-demo");
        Store store = Stores.open(StoreOptions.in(folder));
        RuntimeSettings runtime = RuntimeSettings.open(DemoChains.at(settings), Optional.of(store), "");
        Gateway gateway = ForegroundGateway.start(runtime, log);
        ForegroundGateway.stopAtExit(
                gateway,
                log,
                () -> {
                    store.close();
                    delete(folder, out);
                },
                out);
        return gateway;
    }

    private static void delete(Path folder, PrintWriter out) {
        try {
            StoreFolder.delete(folder);
        } catch (IOException failed) {
            out.println("the demo's data could not be deleted: " + failed);
        }
    }

    /** Makes all calls and prints the result of each. Returns whether all ended as announced. */
    static boolean callAll(String address, PrintWriter out) throws IOException, InterruptedException {
        // The launcher sets this property; from JDK 22 on System.console() is not null for a pipe either.
        boolean colour = DemoReport.takesColour(System.getenv(), Boolean.getBoolean("understudy.terminal"));
        DemoReport report = DemoReport.of(DemoCalls.ALL, colour);
        boolean asAnnounced = true;
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (DemoCall call : DemoCalls.ALL) {
                PlayedCall finished = call(client, address, call);
                asAnnounced &= finished.ends() == call.ends();
                out.println(report.format(finished));
                out.println("    " + call.shows());
                out.println();
                out.flush();
            }
        }
        return asAnnounced;
    }

    private static PlayedCall call(HttpClient client, String address, DemoCall call)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/v1/chat/completions"))
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body(call)))
                .build();
        long startedAt = System.nanoTime();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        long millis = Duration.ofNanos(System.nanoTime() - startedAt).toMillis();
        return new DemoAnswer(
                        answer.statusCode(),
                        header(answer, "understudy-target"),
                        header(answer, "understudy-trail"),
                        answer.body())
                .of(call.description(), millis);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static String body(DemoCall call) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("model", call.model());
            json.writeArrayFieldStart("messages");
            json.writeStartObject();
            json.writeStringField("role", "user");
            json.writeStringField("content", "Count to sixty.");
            json.writeEndObject();
            json.writeEndArray();
            json.writeBooleanField("stream", call.stream());
            json.writeObjectFieldStart("understudy");
            json.writeArrayFieldStart("fallbacks");
            for (String fallback : call.fallbacks()) {
                json.writeString(fallback);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("timeouts");
            // A demo that waits for ten seconds is no fun to watch.
            json.writeStringField("first-token", "1500ms");
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void printNextSteps(String address, PrintWriter out) {
        out.println("The gateway stays at " + address + " until you press Ctrl-C. Try it:");
        out.println();
        out.println("  " + address + "/console/     # these calls as pictures, and chains to change");
        out.println();
        out.println("  curl -i " + address + "/v1/chat/completions -H 'content-type: application/json' \\");
        out.println("    -d '{\"model\":\"rehearsal/down\",\"fallbacks\":[\"rehearsal/ok\"],"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'");
        out.println();
        out.println("  from openai import OpenAI                     # pip install openai");
        out.println("  client = OpenAI(base_url=\"" + address + "/v1\", api_key=\"none\")");
        out.println("  answer = client.chat.completions.create(");
        out.println("      model=\"rehearsal/down\", messages=[{\"role\": \"user\", \"content\": \"Hello\"}],");
        out.println("      extra_body={\"fallbacks\": [\"rehearsal/ok\"]})");
        out.println("  print(answer.model, answer.choices[0].message.content)");
        out.println();
        out.println("  curl " + address + "/v1/models                 # the models, named by what they do");
        out.flush();
    }
}
