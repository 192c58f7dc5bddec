package dev.understudy.gateway.upstream;

import dev.understudy.gateway.catalog.ConversationStore;
import dev.understudy.gateway.catalog.ResponseOwners;
import dev.understudy.gateway.work.WorkPools;
import dev.understudy.protocol.recovery.ContinuationForms;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;

/**
 * What the upstream attempts of one event loop share.
 *
 * @param client the event loop's own connections
 * @param endpoints the event loop's own
 * @param forms which form of a continuation each target accepts, shared by all event loops
 * @param owners which provider has stored which response, shared by all event loops
 * @param conversations the turns of conversations that no provider has stored, shared by all event loops
 * @param slots how many upstream connections are in use, shared by all event loops
 * @param work shared by all event loops
 */
public record UpstreamResources(
        Vertx vertx,
        HttpClient client,
        UpstreamEndpoints endpoints,
        ContinuationForms forms,
        ResponseOwners owners,
        ConversationStore conversations,
        ConnectionSlots slots,
        WorkPools work) {}
