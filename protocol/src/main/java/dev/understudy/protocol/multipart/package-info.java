/** Forms with files, in which clients send recordings and images. */
@NullMarked
package dev.understudy.protocol.multipart;

import org.jspecify.annotations.NullMarked;
