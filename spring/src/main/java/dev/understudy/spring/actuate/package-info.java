/** Shows the state of chains in Spring Boot's Actuator: an endpoint, health, and a meter for each circuit. */
@NullMarked
package dev.understudy.spring.actuate;

import org.jspecify.annotations.NullMarked;
