package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import java.util.Set;

/** The words in which one system's callers ask for a fallback. */
interface OptionsParser {

    /** The system's name in trails and logs. */
    String vocabulary();

    /** The top-level fields of a body that belong to it. They are read here and never sent on. */
    Set<String> fields();

    /** What the request asks in these words; {@link FallbackOptions#NONE} if nothing. */
    FallbackOptions read(OptionsSource request) throws BadRequest;
}
