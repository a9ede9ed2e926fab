/** The {@code access} endpoint: HTTPS for enrolment and for links over WebSocket. */
package dev.gatehouse.gateway.web;
