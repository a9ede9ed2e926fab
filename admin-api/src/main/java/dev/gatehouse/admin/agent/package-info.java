/** {@code agents}. */
package dev.gatehouse.admin.agent;
