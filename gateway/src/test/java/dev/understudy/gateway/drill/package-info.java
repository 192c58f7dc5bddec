@NullMarked
package dev.understudy.gateway.drill;

import org.jspecify.annotations.NullMarked;
