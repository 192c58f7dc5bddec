/** Plans calls before their first attempt: which targets, in which order, with which limits. Read {@link dev.understudy.calls.plan.CallPlanner}. */
@NullMarked
package dev.understudy.calls.plan;

import org.jspecify.annotations.NullMarked;
