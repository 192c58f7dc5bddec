/** Forms with files, as clients send recordings and images. */
@NullMarked
package dev.understudy.protocol.multipart;

import org.jspecify.annotations.NullMarked;
