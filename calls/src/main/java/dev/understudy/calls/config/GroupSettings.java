package dev.understudy.calls.config;

import java.util.List;

/**
 * A group of targets among which calls are distributed, which a chain has in the place of one target.
 *
 * @param policy how calls are distributed
 * @param named whether it is one of {@code groups}, so that callers may use its name; otherwise it is stated in a list of fallbacks
 * @param members each with its place in the group; never empty
 */
public record GroupSettings(GroupPolicy policy, boolean named, List<TargetSettings> members) {
    public GroupSettings {
        members = List.copyOf(members);
    }
}
