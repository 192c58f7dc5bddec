package dev.understudy.calls.upstream;

import dev.understudy.calls.catalog.ConversationStore;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.loop.CallLoop;
import dev.understudy.calls.work.WorkPools;
import dev.understudy.protocol.recovery.ContinuationForms;

/**
 * What the upstream attempts of one loop share.
 *
 * @param loop on which the calls run
 * @param endpoints the loop's own, with its own connections
 * @param forms which form of a continuation each target accepts, shared by all loops
 * @param owners which provider has stored which response, shared by all loops
 * @param conversations the turns of conversations that no provider has stored, shared by all loops
 * @param slots how many upstream connections are in use, shared by all loops
 * @param work shared by all loops
 * @param answers the memory of answers, shared by all loops
 */
public record UpstreamResources(
        CallLoop loop,
        UpstreamEndpoints endpoints,
        ContinuationForms forms,
        ResponseOwners owners,
        ConversationStore conversations,
        ConnectionSlots slots,
        WorkPools work,
        AnswerMemory answers) {}
