package dev.understudy.calls.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code providers}, and finds those of the environment where a configuration has none. */
final class ProvidersReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~A-Za-z0-9-]+");
    private static final Set<AuthStyle> KEYLESS = Set.of(AuthStyle.NONE, AuthStyle.AWS, AuthStyle.GOOGLE_ACCOUNT);
    /** Of one connection, so they are the gateway's to write. */
    private static final Set<String> OWN_HEADERS =
            Set.of("host", "content-length", "transfer-encoding", "connection", "content-type", "accept-encoding");

    private final ReadingContext reading;

    ProvidersReader(ReadingContext reading) {
        this.reading = reading;
    }

    Map<String, ProviderSettings> read(Section section) {
        Map<String, ProviderSettings> providers = new LinkedHashMap<>();
        section.entries().forEach((name, entry) -> {
            if (!NAME.matcher(name).matches()) {
                entry.problem("a provider's name consists of letters, digits, dots, dashes and underscores");
            }
            entry.section()
                    .flatMap(below -> name.equals(Settings.REHEARSAL) ? rehearsal(below) : provider(name, below))
                    .ifPresent(provider -> providers.put(name, provider));
        });
        return providers;
    }

    /** The providers that are there by themselves: their usual environment variables are set. */
    Map<String, ProviderSettings> ofEnvironment() {
        Map<String, ProviderSettings> providers = new LinkedHashMap<>();
        for (ProviderPreset preset : ProviderPreset.values()) {
            if (preset.isUsableIn(reading.environment())) {
                String name = preset.providerName();
                provider(name, Section.empty(0, "providers." + name, reading))
                        .ifPresent(provider -> providers.put(name, provider));
            }
        }
        return providers;
    }

    /** The built-in provider; where it listens is known when it has been started. */
    static ProviderSettings rehearsal() {
        return new ProviderSettings(
                Settings.REHEARSAL,
                new ProviderSettings.Service(
                        ProviderDialect.OPENAI,
                        URI.create("http://127.0.0.1:0/v1"),
                        Optional.empty(),
                        false,
                        List.of()),
                ProviderSettings.Access.NONE,
                Map.of(),
                Optional.empty(),
                ProviderSettings.USUAL_CONNECTIONS);
    }

    private static Optional<ProviderSettings> rehearsal(Section section) {
        if (!section.entries().isEmpty()) {
            section.problem("this provider is built in and has no settings; write rehearsal: {}");
        }
        return Optional.of(rehearsal());
    }

    private Optional<ProviderSettings> provider(String name, Section section) {
        section.only(
                "dialect",
                "base-url",
                "api-key",
                "auth",
                "api-version",
                "headers",
                "continue-with",
                "responses",
                "region",
                "profile",
                "service-account",
                "caller-urls",
                "max-connections");
        Optional<ProviderPreset> preset = ProviderPreset.named(name);
        ProviderDialect dialect = section.get("dialect")
                .flatMap(entry -> entry.choice(ProviderDialect.class))
                .orElseGet(() -> usualDialect(section, preset));
        Optional<AuthStyle> statedAuth = section.get("auth").flatMap(entry -> entry.choice(AuthStyle.class));
        ProviderAddress address = new ProviderAddress(reading);
        CloudAccount account = new CloudAccount(
                section.get("region").flatMap(Entry::text).or(() -> address.region(dialect)),
                section.get("profile").flatMap(Entry::text),
                section.get("service-account").flatMap(ProvidersReader::keyFile));
        boolean takesNoKey = statedAuth.stream().anyMatch(KEYLESS::contains)
                || account.serviceAccount().isPresent();
        List<Credential> keys = takesNoKey
                ? List.of()
                : new ProviderKeys(reading).read(section, preset, statedAuth.isPresent(), dialect);
        AuthStyle usualAuth = usualAuth(dialect, !keys.isEmpty(), account);
        Map<String, String> headers =
                section.section("headers").map(this::headers).orElse(Map.of());
        int connections = section.get("max-connections")
                .flatMap(entry -> entry.whole(1, 100_000))
                .orElse(ProviderSettings.USUAL_CONNECTIONS);
        Optional<ContinueWith> continueWith =
                section.get("continue-with").flatMap(entry -> entry.choice(ContinueWith.class));
        Optional<String> version = apiVersion(section, dialect);
        boolean responses = section.get("responses")
                .flatMap(Entry::flag)
                .orElse(preset.equals(Optional.of(ProviderPreset.OPENAI)) && dialect == ProviderDialect.OPENAI);
        List<URI> callerUrls =
                section.get("caller-urls").map(ProvidersReader::callerUrls).orElse(List.of());
        return address.read(section, preset, dialect, account)
                .map(url -> new ProviderSettings(
                        name,
                        new ProviderSettings.Service(dialect, url, version, responses, callerUrls),
                        new ProviderSettings.Access(
                                statedAuth.orElse(usualAuth),
                                keys.stream().findFirst(),
                                keys.stream().skip(1).toList(),
                                account),
                        headers,
                        continueWith,
                        connections));
    }

    /** A preset's own, unless its address is that of the provider's translation of OpenAI's. */
    private static ProviderDialect usualDialect(Section section, Optional<ProviderPreset> preset) {
        boolean compatible = section.get("base-url")
                .filter(url -> !url.isMapping() && !url.isList())
                .flatMap(Entry::text)
                .filter(url -> url.replaceFirst("/+$", "").endsWith("/openai"))
                .isPresent();
        return compatible
                ? ProviderDialect.OPENAI
                : preset.map(ProviderPreset::dialect).orElse(ProviderDialect.OPENAI);
    }

    private static Optional<String> keyFile(Entry entry) {
        return entry.parsed("the path of a service account's key file", text -> {
            if (!Files.isReadable(Path.of(text))) {
                throw new IllegalArgumentException("is not a readable file");
            }
            return text;
        });
    }

    private static List<URI> callerUrls(Entry entry) {
        return entry.items().orElse(List.of()).stream()
                .flatMap(item -> item.parsed("a URL such as https://eu.example.com/v1", Quantities::baseUrl).stream())
                .toList();
    }

    private static AuthStyle usualAuth(ProviderDialect dialect, boolean hasKey, CloudAccount account) {
        if (hasKey) {
            return dialect.usualAuth();
        } else if (account.serviceAccount().isPresent()) {
            return AuthStyle.GOOGLE_ACCOUNT;
        }
        return dialect == ProviderDialect.BEDROCK ? AuthStyle.AWS : AuthStyle.NONE;
    }

    private Optional<String> apiVersion(Section section, ProviderDialect dialect) {
        Optional<Entry> stated = section.get("api-version");
        return switch (dialect) {
            case AZURE ->
                stated.flatMap(Entry::text)
                        .or(() -> ProviderPreset.AZURE_API_VERSION_VARIABLES.stream()
                                .flatMap(variable -> reading.environment().get(variable).stream())
                                .findFirst())
                        .or(() -> Optional.of(ProviderPreset.AZURE_API_VERSION));
            case OPENAI, OPENAI_RESPONSES, ANTHROPIC, GEMINI, BEDROCK -> {
                stated.ifPresent(entry -> entry.problem("only providers with dialect: azure have an api-version"));
                yield Optional.empty();
            }
        };
    }

    private Map<String, String> headers(Section section) {
        Map<String, String> headers = new LinkedHashMap<>();
        section.entries().forEach((name, entry) -> {
            if (!HEADER_NAME.matcher(name).matches()) {
                entry.problem("this is not a valid header name");
            } else if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                entry.problem("this header is set by the gateway");
            }
            entry.text().ifPresent(text -> {
                if (text.chars().anyMatch(c -> c < ' ' || c >= 127)) {
                    entry.problem("the value contains a character that is invalid in headers");
                }
                headers.put(name, text);
            });
        });
        return headers;
    }
}
