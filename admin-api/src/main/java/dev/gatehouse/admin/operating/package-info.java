/** {@code nodes}, {@code settings}, {@code audit}. */
package dev.gatehouse.admin.operating;
