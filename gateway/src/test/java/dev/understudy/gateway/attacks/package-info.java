/** Attacks on a gateway that runs as a process of its own with a small heap: it lives, and other callers are served. */
package dev.understudy.gateway.attacks;
