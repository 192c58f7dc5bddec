package dev.understudy.protocol.dialect.gemini;

/**
 * What stands for the signature of a call that another vendor's model made.
 *
 * <p>Gemini 3 refuses a conversation in which the first call of a step has no signature of its own; these words, which
 * Google names for conversations that were begun by another model, tell it not to look.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/thought-signatures">Gemini API: thought signatures</a>
 */
final class Signatures {
    /** In requests, where Google's reader takes the words themselves. */
    static final String NONE_OF_MINE = "skip_thought_signature_validator";

    /** The same in base64, for callers: their clients decode a signature, and send it back encoded. */
    static final String NONE_OF_MINE_IN_BASE64 = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=";

    private Signatures() {}

    /** A caller's signature; empty for what was only put in the place of one, which says nothing to anybody else. */
    static String real(String signature) {
        return signature.equals(NONE_OF_MINE) || signature.equals(NONE_OF_MINE_IN_BASE64) ? "" : signature;
    }
}
