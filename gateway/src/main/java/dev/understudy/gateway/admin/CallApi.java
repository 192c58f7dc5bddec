package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.ContentsSettings;
import dev.understudy.store.CallContents;
import dev.understudy.store.CallRecord;
import dev.understudy.store.CallSummary;
import dev.understudy.store.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths of the admin API that concern the calls in the store: their summary, lists, attempts and contents. */
public final class CallApi {
    private static final Logger LOG = LoggerFactory.getLogger(CallApi.class);
    private static final int MOST_MINUTES = 30 * 24 * 60;

    private final RuntimeSettings settings;

    public CallApi(RuntimeSettings settings) {
        this.settings = settings;
    }

    /** Its operations, for {@link AdminApi#and}. */
    public List<AdminApi.Operation> operations() {
        return List.of(
                AdminApi.operation("GET", "/overview", this::overview),
                AdminApi.operation("GET", "/calls", this::calls),
                AdminApi.operation("GET", "/calls/{id}", this::call),
                AdminApi.operation("GET", "/calls/{id}/contents", this::contents));
    }

    private AdminResponse overview(AdminRequest request) throws AdminError {
        long minutes = request.number("minutes", 1, MOST_MINUTES).orElse(60L);
        Instant since = Instant.now().minus(Duration.ofMinutes(minutes));
        if (settings.store().isEmpty()) {
            return AdminResponse.of(
                    CallDocuments.overview(since, Optional.empty(), CallDocuments.noLog(settings.whyNoStore())));
        }
        ObjectNode log = CallDocuments.log(settings.store().get().status());
        try {
            CallSummary summary = settings.store().get().calls().summary(since);
            return AdminResponse.of(CallDocuments.overview(since, Optional.of(summary), log));
        } catch (StoreUnavailable failed) {
            log.put("state", "unavailable");
            log.put("message", failed.getMessage());
            return AdminResponse.of(CallDocuments.overview(since, Optional.empty(), log));
        }
    }

    private AdminResponse calls(AdminRequest request) throws AdminError, StoreUnavailable {
        try {
            ObjectNode page = CallDocuments.page(settings.openStore().calls().find(CallDocuments.query(request)));
            keptContents().ifPresent(kept -> page.put("contents_kept", kept));
            return AdminResponse.of(page);
        } catch (IllegalArgumentException cursor) {
            throw AdminError.badRequest("invalid_parameter", "before is not a cursor that a page has given");
        }
    }

    private AdminResponse call(AdminRequest request) throws AdminError, StoreUnavailable {
        String id = request.variable("id");
        CallRecord call = settings.openStore()
                .calls()
                .find(id)
                .orElseThrow(() -> AdminError.notFound("no call with this id is kept"));
        ObjectNode json = CallDocuments.whole(call);
        json.put("has_contents", settings.openStore().contents().has(id));
        keptContents().ifPresent(kept -> json.put("contents_kept", kept));
        return AdminResponse.of(json);
    }

    /** For how long contents of calls are kept; empty if they are not. */
    private Optional<String> keptContents() throws AdminError {
        ContentsSettings contents = settings.state().settings().store().contents();
        return contents.enabled()
                ? Optional.of(settings.atStart().store().contents().retentionText())
                : Optional.empty();
    }

    /** Each look at a conversation is in the log. */
    private AdminResponse contents(AdminRequest request) throws AdminError, StoreUnavailable {
        String id = request.variable("id");
        CallContents.Content content = settings.openStore()
                .contents()
                .find(id)
                .orElseThrow(() -> AdminError.notFound("no contents of a call with this id are kept"));
        LOG.info(
                "the contents of call {} were read by {}",
                content.id(),
                request.author().isEmpty() ? "an unnamed reader" : request.author());
        return AdminResponse.of(CallDocuments.contents(content));
    }
}
