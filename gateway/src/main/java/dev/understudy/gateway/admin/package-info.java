/** The admin API: settings that change at run time, records of calls, and what the console shows. */
@NullMarked
package dev.understudy.gateway.admin;

import org.jspecify.annotations.NullMarked;
