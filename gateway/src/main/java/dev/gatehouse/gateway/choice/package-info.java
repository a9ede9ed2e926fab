/** Which replica of a resource a session gets, and why. */
package dev.gatehouse.gateway.choice;
