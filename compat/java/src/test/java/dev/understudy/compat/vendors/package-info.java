/** The official Java SDKs of four vendors, each against every vendor, by way of a gateway that somebody else has started. */
@NullMarked
package dev.understudy.compat.vendors;

import org.jspecify.annotations.NullMarked;
