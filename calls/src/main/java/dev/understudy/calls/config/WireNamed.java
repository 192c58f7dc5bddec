package dev.understudy.calls.config;

/** A choice that has a name in configuration files and requests. */
public interface WireNamed {
    /** The name that people write, such as {@code first-content}. */
    String wireName();
}
