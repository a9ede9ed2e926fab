/** {@code events}. */
package dev.gatehouse.admin.event;
