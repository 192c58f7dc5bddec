package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import java.util.Set;

/** Reads the fallback options of one vocabulary: the fields and headers of one system. */
interface OptionsParser {

    /** The system's name in trails and logs. */
    String vocabulary();

    /** The top-level fields of a body that belong to it. They are read here and never sent upstream. */
    Set<String> fields();

    /** The options of the request in this vocabulary; {@link FallbackOptions#NONE} if it has none. */
    FallbackOptions read(OptionsSource request) throws BadRequest;
}
