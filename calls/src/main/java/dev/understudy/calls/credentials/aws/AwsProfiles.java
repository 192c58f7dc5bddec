package dev.understudy.calls.credentials.aws;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The profiles of {@code ~/.aws/config} and {@code ~/.aws/credentials}, the latter with the last word.
 *
 * <p>Sections are {@code [profile name]} in the one and {@code [name]} in the other; {@code [default]} in both. A line that
 * is indented belongs to the setting above it and is ignored, as are lines that are no setting.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html">Shared config and credentials files</a>
 */
public final class AwsProfiles {
    private static final String PROFILE = "profile";

    private final Map<String, Map<String, String>> profiles = new LinkedHashMap<>();

    private AwsProfiles() {}

    /**
     * Reads both files.
     *
     * @param config the text of the one; empty if it is not there
     * @param credentials the text of the other
     */
    public static AwsProfiles of(String config, String credentials) {
        AwsProfiles profiles = new AwsProfiles();
        profiles.read(config, true);
        profiles.read(credentials, false);
        return profiles;
    }

    private void read(String text, boolean config) {
        Optional<Map<String, String>> section = Optional.empty();
        for (String line : text.lines().toList()) {
            String said = line.strip();
            if (said.isEmpty()
                    || said.startsWith("#")
                    || said.startsWith(";")
                    || Character.isWhitespace(line.charAt(0))) {
                continue;
            }
            int end = said.indexOf(']');
            if (said.startsWith("[")) {
                section = (end < 0
                                ? Optional.<String>empty()
                                : profileName(said.substring(1, end).strip(), config))
                        .map(name -> profiles.computeIfAbsent(name, first -> new LinkedHashMap<>()));
                continue;
            }
            int equals = said.indexOf('=');
            if (equals > 0) {
                String name = said.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                String value = withoutComment(said.substring(equals + 1)).strip();
                section.ifPresent(settings -> settings.put(name, value));
            }
        }
    }

    /** In the config file there are other sections too, such as {@code [sso-session x]}. */
    private static Optional<String> profileName(String section, boolean config) {
        if (!config || section.equals("default")) {
            return Optional.of(section);
        }
        return section.startsWith(PROFILE + " ") || section.startsWith(PROFILE + "\t")
                ? Optional.of(section.substring(PROFILE.length()).strip())
                : Optional.empty();
    }

    /** A comment behind a value needs a blank before it; secrets may have the character in them. */
    private static String withoutComment(String value) {
        for (int i = 1; i < value.length(); i++) {
            if ((value.charAt(i) == '#' || value.charAt(i) == ';') && Character.isWhitespace(value.charAt(i - 1))) {
                return value.substring(0, i);
            }
        }
        return value;
    }

    /** Whether there is such a profile. */
    public boolean has(String profile) {
        return profiles.containsKey(profile);
    }

    /** A setting that is there and not empty. */
    public Optional<String> get(String profile, String name) {
        return Optional.ofNullable(profiles.getOrDefault(profile, Map.of()).get(name))
                .filter(value -> !value.isEmpty());
    }

    /** Why a profile that has neither a key nor a role can not be used, if its settings tell. */
    Optional<String> unsupported(String profile) {
        String exported = "export a key with `aws configure export-credentials --profile " + profile
                + " --format env` and set it in the environment, or use a role";
        if (get(profile, "credential_process").isPresent()) {
            return Optional.of(
                    "the profile " + profile + " uses credential_process, and no programs are run here; " + exported);
        }
        boolean sso = get(profile, "sso_session").isPresent()
                || get(profile, "sso_start_url").isPresent();
        return sso
                ? Optional.of("the profile " + profile + " uses IAM Identity Center (SSO), which is not supported; "
                        + exported)
                : Optional.empty();
    }

    /** The keys that stand in the profile itself. */
    Optional<AwsCredentials> keys(String profile) {
        Optional<String> access = get(profile, "aws_access_key_id");
        Optional<String> secret = get(profile, "aws_secret_access_key");
        return access.isPresent() && secret.isPresent()
                ? Optional.of(AwsCredentials.lasting(
                        access.get(),
                        secret.get(),
                        get(profile, "aws_session_token").orElse("")))
                : Optional.empty();
    }
}
