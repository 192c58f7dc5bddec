/** The threads and the time of calls inside an application. */
@NullMarked
package dev.understudy.client.loop;

import org.jspecify.annotations.NullMarked;
