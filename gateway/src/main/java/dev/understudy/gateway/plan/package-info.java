/** Plans calls before their first attempt: which targets, in which order, with which limits. Read {@link dev.understudy.gateway.plan.CallPlanner}. */
@NullMarked
package dev.understudy.gateway.plan;

import org.jspecify.annotations.NullMarked;
