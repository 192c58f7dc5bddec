package dev.understudy.protocol.dialect.openai;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of the many who speak Chat Completions a model belongs to, by its name: they differ in what they refuse.
 *
 * <p>A name says less than an address would, but it is what there is. Whoever is not known gets what all take.
 */
enum ModelFamily {
    /** OpenAI's models that answer at once. */
    OPENAI,
    /** OpenAI's that think first: they refuse what says how words are drawn. */
    OPENAI_REASONING,
    /** Mistral's own service, which refuses every member that it does not know. */
    MISTRAL,
    /** DeepSeek's own service: it holds no answer to a schema, and wants thoughts back with calls. */
    DEEPSEEK,
    /** Models of others who want their thoughts back with calls: Moonshot, Zhipu, MiniMax. */
    INTERLEAVED,
    /** Google's, whose signatures of calls have to come back. */
    GEMINI,
    OTHER;

    private static final Pattern REASONING = Pattern.compile("o[1-9]\\d*(-.*)?|gpt-([5-9]|\\d\\d)(?!\\d).*");
    private static final Pattern CHAT = Pattern.compile("(gpt-[34]|chatgpt-).*");
    private static final Pattern MISTRALS =
            Pattern.compile("(open-)?(mistral|mixtral|magistral|ministral|codestral|devstral|pixtral)-.*");
    private static final Pattern INTERLEAVING = Pattern.compile("(kimi|glm|minimax)-.*");

    static ModelFamily of(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        String own = name.startsWith("ft:") ? name.substring(3) : name;
        own = own.startsWith("openai/") ? own.substring(7) : own;
        if (is(REASONING, own) && !own.contains("-chat")) {
            return OPENAI_REASONING;
        } else if (is(CHAT, own) || is(REASONING, own)) {
            return OPENAI;
        } else if (is(MISTRALS, name)) {
            return MISTRAL;
        } else if (name.startsWith("deepseek-") || name.startsWith("deepseek/")) {
            return DEEPSEEK;
        }
        String last = name.substring(name.lastIndexOf('/') + 1);
        if (last.startsWith("gemini-")) {
            return GEMINI;
        }
        return is(INTERLEAVING, last) ? INTERLEAVED : OTHER;
    }

    private static boolean is(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        return matcher.matches();
    }

    boolean isOpenAi() {
        return this == OPENAI || this == OPENAI_REASONING;
    }
}
