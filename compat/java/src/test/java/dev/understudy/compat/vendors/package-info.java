/** The official Java SDKs of four vendors, each against every vendor, through a gateway that is already running. */
@NullMarked
package dev.understudy.compat.vendors;

import org.jspecify.annotations.NullMarked;
