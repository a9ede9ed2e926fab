/** Labels and the selectors that roles, agents and lists choose by. */
package dev.gatehouse.protocol.label;
