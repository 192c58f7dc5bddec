package dev.understudy.gateway.replicas;

import java.util.OptionalLong;

/**
 * How a gateway stands with its replicas.
 *
 * @param connected whether Valkey can be reached
 * @param replicas how many gateways are there, with this one, as far as is known
 * @param lagMillis how long the last news took through Valkey and back; empty before the first
 * @param dropped how many pieces of news could not be sent, or not be used
 */
public record ReplicaStatus(boolean connected, int replicas, OptionalLong lagMillis, long dropped) {}
