/** How long to wait before something is tried again. */
package dev.gatehouse.shared.retry;
