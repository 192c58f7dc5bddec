/** Reads and edits JSON bodies without building a tree, and without changing a byte that need not change. */
@NullMarked
package dev.understudy.protocol.json;

import org.jspecify.annotations.NullMarked;
