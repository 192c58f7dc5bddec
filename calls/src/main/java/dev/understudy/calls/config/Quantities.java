package dev.understudy.calls.config;

import dev.understudy.protocol.options.Durations;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers and their units. Each method throws an {@link IllegalArgumentException} whose message follows the text it
 * was given: {@code is not …; write …}.
 */
public final class Quantities {
    private static final Pattern SIZE =
            Pattern.compile("(\\d{1,12})\\s*(B|KB|MB|GB|KiB|MiB|GiB)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%");
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,18}");

    private Quantities() {}

    static Duration duration(String text) {
        return Durations.parse(text);
    }

    /** Bytes that fit one array. */
    static int size(String text) {
        BigDecimal bytes = bytes(text);
        if (bytes.compareTo(BigDecimal.ONE) < 0 || bytes.compareTo(BigDecimal.valueOf(1_000_000_000)) > 0) {
            throw new IllegalArgumentException("is out of range; it must be from 1B to 1GB");
        }
        return bytes.intValueExact();
    }

    /** An amount of memory, in bytes. */
    static long memory(String text) {
        BigDecimal bytes = bytes(text);
        if (bytes.compareTo(BigDecimal.valueOf(1_000_000)) < 0
                || bytes.compareTo(BigDecimal.valueOf(1_000_000_000_000L)) > 0) {
            throw new IllegalArgumentException("is out of range; it must be from 1MB to 1000GB");
        }
        return bytes.longValue();
    }

    private static BigDecimal bytes(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException("is not a size; write a number with KB, MB or GB, such as 25MB");
        }
        String unit = size.group(2) == null ? "b" : size.group(2).toLowerCase(Locale.ROOT);
        long factor = switch (unit) {
            case "kb" -> 1_000;
            case "mb" -> 1_000_000;
            case "gb" -> 1_000_000_000;
            case "kib" -> 1L << 10;
            case "mib" -> 1L << 20;
            case "gib" -> 1L << 30;
            default -> 1;
        };
        return new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(factor));
    }

    /** A switch, as {@code on} or {@code off}. */
    static boolean onOrOff(String text) {
        return switch (text) {
            case "on", "true" -> true;
            case "off", "false" -> false;
            default -> throw new IllegalArgumentException("is neither on nor off");
        };
    }

    /** A share from 0 to 1, written from 0% to 100%. */
    static double share(String text) {
        Matcher share = SHARE.matcher(text);
        if (!share.matches()) {
            throw new IllegalArgumentException("is not a percentage; write a number with %, such as 10%");
        }
        BigDecimal percent = new BigDecimal(share.group(1));
        if (percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new IllegalArgumentException("is more than 100%");
        }
        return percent.divide(BigDecimal.valueOf(100), 8, RoundingMode.HALF_UP).doubleValue();
    }

    static int whole(String text, int least, int most) {
        if (!WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException("is not a whole number");
        }
        long number = Long.parseLong(text);
        if (number < least || number > most) {
            throw new IllegalArgumentException("is out of range; it must be from " + least + " to " + most);
        }
        return (int) number;
    }

    /** An http or https address to which paths can be added; the slash at its end is dropped. */
    static URI baseUrl(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException broken) {
            throw new IllegalArgumentException("is not a URL; write one such as https://api.example.com/v1", broken);
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("does not begin with https:// or http://");
        }
        if (url.getHost() == null) {
            throw new IllegalArgumentException("names no host; write a URL such as https://api.example.com/v1");
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("carries a user or password; keys belong in api-key or headers");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "has a ? or # part, to which no path can be added; Azure's version belongs in api-version");
        }
        String bare = text.replaceFirst("/+$", "");
        return URI.create(bare.replaceFirst("/chat/completions$", ""));
    }

    /** A duration as people write it: {@code 250ms}, {@code 1.5s}, {@code 30s}, {@code 5m}. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1_000) {
            return millis + "ms";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0 && millis > 60_000) {
            return millis / 60_000 + "m";
        }
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + "s";
    }
}
