package dev.understudy.calls.config;

import java.util.OptionalInt;

/**
 * The place of a target in a group.
 *
 * @param group whose member it is or is part of
 * @param member which member, such as its index; targets with the same one are tried one after the other
 * @param weight the member's share relative to the other members' weights
 * @param key which of the provider's keys is used, from 0; empty for all, one after the other
 */
public record GroupPlace(GroupPolicy group, String member, double weight, OptionalInt key) {}
