package dev.understudy.gateway.http;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ConversationStore;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.protocol.dialect.responses.StoredState;
import dev.understudy.protocol.dialect.responses.StoredTurn;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import java.util.Optional;

/**
 * The conversations to which requests refer that are not calls: counts of tokens and compactions. Calls find them when they are
 * planned.
 */
public final class PreviousResponses {
    private final Catalog catalog;
    private final ResponseOwners owners;
    private final ConversationStore conversations;
    private final BodyLimits limits;

    /**
     * @param catalog the accounts as they are configured now
     * @param owners shared by all event loops
     * @param conversations shared by all event loops
     * @param limits of a request's body
     */
    public PreviousResponses(
            Catalog catalog, ResponseOwners owners, ConversationStore conversations, BodyLimits limits) {
        this.catalog = catalog;
        this.owners = owners;
        this.conversations = conversations;
        this.limits = limits;
    }

    /**
     * A request whose conversation can be found.
     *
     * @param members of its body, with the turns of a conversation that only the gateway knows
     * @param provider the one that has stored the conversation; empty if none is known to have it
     */
    record Found(Members members, Optional<ProviderSettings> provider) {}

    /**
     * Finds the conversation of a request.
     *
     * @param caller the name of the caller's key; empty if none is needed
     * @throws BadRequest if the body cannot be read, or another caller has the conversation
     */
    Found of(String caller, byte[] body) throws BadRequest {
        Members members = Members.scan(body, limits);
        Optional<String> previous = StoredState.of(members).previousResponse();
        if (previous.isEmpty()) {
            return new Found(members, Optional.empty());
        }
        Optional<byte[]> completed =
                conversations.items(caller, previous.get()).flatMap(earlier -> StoredTurn.completed(body, earlier));
        if (completed.isPresent()) {
            return new Found(Members.scan(completed.get(), limits), Optional.empty());
        }
        Optional<ResponseOwners.Owner> owner = owners.of(previous.get());
        if (owner.isPresent() && !owner.get().isOf(caller)) {
            throw BadRequest.previousResponse(previous.get());
        }
        return new Found(members, owner.flatMap(catalog::accountOf));
    }
}
