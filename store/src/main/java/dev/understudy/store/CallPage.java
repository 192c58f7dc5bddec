package dev.understudy.store;

import java.util.List;
import java.util.Optional;

/**
 * A page of calls, newest first.
 *
 * @param calls at most as many as the query's limit. A search with a text or with several conditions is ended after a fraction of a
 *     second; the page then has fewer calls, perhaps none, and the next one continues the search
 * @param next the cursor of the next page; empty if all calls were searched
 */
public record CallPage(List<CallRecord> calls, Optional<String> next) {
    public CallPage {
        calls = List.copyOf(calls);
    }
}
