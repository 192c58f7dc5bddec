package dev.understudy.protocol.dialect;

import dev.understudy.protocol.json.Splice.Edit;
import java.util.List;
import java.util.Set;

/**
 * Changes to members of a request that is passed through to a target of the same dialect whose vendor refuses them as they
 * are. All other bytes stay the same.
 *
 * @param edits values in place of the caller's, or additional members
 * @param removed members that are left out
 * @param warnings changes that the model could notice
 */
public record PassThroughEdits(List<Edit> edits, Set<String> removed, List<String> warnings) {
    /** The request is passed through as it is. */
    public static final PassThroughEdits NONE = new PassThroughEdits(List.of(), Set.of(), List.of());

    public PassThroughEdits {
        edits = List.copyOf(edits);
        removed = Set.copyOf(removed);
        warnings = List.copyOf(warnings);
    }

    /** Whether nothing changes. */
    public boolean isEmpty() {
        return edits.isEmpty() && removed.isEmpty();
    }
}
