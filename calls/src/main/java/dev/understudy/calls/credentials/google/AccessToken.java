package dev.understudy.calls.credentials.google;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import java.time.Instant;

/**
 * An access token from Google.
 *
 * @param expires when it expires according to Google, counted from the time of the request
 */
record AccessToken(String value, Instant expires) {
    private static final int OK = 200;
    private static final int DEEPEST = 8;
    private static final int LONGEST_REASON = 200;
    /** The lifetime of a token if the answer does not state it; the limit of a year keeps the sum in range. */
    private static final long USUAL_SECONDS = 3600;

    private static final long MOST_SECONDS = 365L * 24 * 3600;

    private static final NameTable NAMES = NameTable.of("access_token", "expires_in", "error", "error_description");

    /** The members of a response. */
    private static final class Answer {
        private String token = "";
        private long seconds = USUAL_SECONDS;
        private String error = "";
        private String description = "";
    }

    /**
     * Reads the answer to a request for a token.
     *
     * @param requested the time of the request
     * @throws TokenUnavailable if there is none in it
     */
    static AccessToken read(int status, byte[] body, Instant requested) throws TokenUnavailable {
        Answer answer = new Answer();
        JsonWalk walk = new JsonWalk(DEEPEST);
        try {
            walk.over(body, 0, body.length);
            walk.object(NAMES, name -> {
                switch (name) {
                    case "access_token" -> answer.token = walk.text();
                    case "expires_in" -> answer.seconds = walk.whole(USUAL_SECONDS);
                    case "error" -> answer.error = walk.text();
                    case "error_description" -> answer.description = walk.text();
                    default -> {}
                }
            });
        } catch (MalformedJson broken) {
            throw new TokenUnavailable("Google's token endpoint returned status " + status + " and no JSON.");
        }
        if (status != OK) {
            throw new TokenUnavailable("Google's token endpoint refused the service account with status " + status
                    + reason(answer.error, answer.description) + ".");
        }
        if (!isSendable(answer.token)) {
            throw new TokenUnavailable("Google's token endpoint returned no usable access token.");
        }
        return new AccessToken(answer.token, requested.plusSeconds(Math.clamp(answer.seconds, 0, MOST_SECONDS)));
    }

    /** Whether the token is valid in a header. */
    private static boolean isSendable(String token) {
        return !token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** Google's error text, made fit for a line of a log. */
    private static String reason(String error, String description) {
        if (error.isEmpty()) {
            return "";
        }
        String said = (description.isEmpty() ? error : error + ": " + description).replaceAll("\\p{Cntrl}", " ");
        return " (" + (said.length() <= LONGEST_REASON ? said : said.substring(0, LONGEST_REASON) + "…") + ")";
    }

    @Override
    public String toString() {
        return "AccessToken(hidden, expires " + expires + ")";
    }
}
