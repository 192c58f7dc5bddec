/** The admin API at the wire, with a real store. */
package dev.understudy.gateway.admin;
