package dev.understudy.protocol.ask;

import dev.understudy.protocol.json.BadRequest;
import java.util.Set;

/** The words in which one system's callers ask for a fallback. */
interface Words {

    /** The system's name in trails and logs. */
    String vocabulary();

    /** The top-level fields of a body that belong to it. They are read here and never sent on. */
    Set<String> fields();

    /** What the request asks in these words; {@link Ask#NONE} if nothing. */
    Ask read(Spoken request) throws BadRequest;
}
