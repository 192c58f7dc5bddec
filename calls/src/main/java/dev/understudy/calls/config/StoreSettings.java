package dev.understudy.calls.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the gateway keeps beyond its own run, and where.
 *
 * @param url of a PostgreSQL database ({@code jdbc:postgresql://…}), which may contain a password; empty for a file in the
 *     folder of the gateway's data
 * @param logsCalls whether calls are recorded, without their contents
 * @param retention how long the record of a call is kept
 * @param maxCalls how many records are kept; the oldest beyond them are deleted
 * @param contents what is kept of the contents of calls
 */
public record StoreSettings(
        Optional<String> url, boolean logsCalls, Duration retention, long maxCalls, ContentsSettings contents) {
    private static final Pattern DAYS = Pattern.compile("(\\d{1,5})\\s*d");
    private static final Pattern PASSWORD = Pattern.compile("[?&]password=([^&]+)|//[^/@:]*:([^/@]+)@");
    private static final int MOST_CALLS = 100_000_000;

    /** The settings if a configuration has none. */
    public static final StoreSettings BUILT_IN =
            new StoreSettings(Optional.empty(), true, Duration.ofDays(30), 1_000_000, ContentsSettings.BUILT_IN);

    static StoreSettings read(Section section) {
        section.only("url", "log", "retention", "max-calls", "contents");
        return new StoreSettings(
                section.get("url")
                        .flatMap(entry -> entry.parsed(
                                "the address of a database such as jdbc:postgresql://host/understudy",
                                StoreSettings::url)),
                section.get("log")
                        .flatMap(entry -> entry.parsed("on or off", Quantities::onOrOff))
                        .orElse(BUILT_IN.logsCalls),
                section.get("retention")
                        .flatMap(entry -> entry.parsed("a duration such as 30d", StoreSettings::retention))
                        .orElse(BUILT_IN.retention),
                section.get("max-calls")
                        .flatMap(entry -> entry.whole(1, MOST_CALLS))
                        .map(Integer::longValue)
                        .orElse(BUILT_IN.maxCalls),
                section.get("contents").map(ContentsSettings::read).orElse(ContentsSettings.BUILT_IN));
    }

    private static String url(String text) {
        if (!text.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("is not the address of a PostgreSQL database; write"
                    + " jdbc:postgresql://host/database, or leave it out for a file in the folder of --data");
        }
        return text;
    }

    static Duration retention(String text) {
        Matcher days = DAYS.matcher(text);
        Duration retention =
                days.matches() ? Duration.ofDays(Long.parseLong(days.group(1))) : Quantities.duration(text);
        if (retention.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("is too short; it must be at least 1m");
        }
        return retention;
    }

    /** The password in the address, as it is written there. */
    Optional<String> password() {
        return url.map(PASSWORD::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1));
    }

    /** These settings with what a running gateway has opened already. */
    StoreSettings boundAs(StoreSettings running) {
        return new StoreSettings(
                running.url,
                logsCalls,
                running.retention,
                running.maxCalls,
                new ContentsSettings(
                        contents.enabled(),
                        running.contents.retention(),
                        running.contents.maxCalls(),
                        contents.maxSize(),
                        contents.redact(),
                        contents.patterns()));
    }

    /** The names of the settings that are in force only after a restart, and differ from those of a running gateway. */
    List<String> needingRestart(StoreSettings running) {
        List<String> names = new ArrayList<>();
        if (!url.equals(running.url)) {
            names.add("store.url");
        }
        if (!retention.equals(running.retention)) {
            names.add("store.retention");
        }
        if (maxCalls != running.maxCalls) {
            names.add("store.max-calls");
        }
        if (!contents.retention().equals(running.contents.retention())) {
            names.add("store.contents.retention");
        }
        if (contents.maxCalls() != running.contents.maxCalls()) {
            names.add("store.contents.max-calls");
        }
        return names;
    }
}
