/** REST and dashboard: the admin endpoint. A package per noun; {@code contract} and {@code http} carry them. */
package dev.gatehouse.admin;
