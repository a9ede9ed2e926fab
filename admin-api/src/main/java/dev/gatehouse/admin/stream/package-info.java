/** {@code streams}: what agents have captured, and its content. */
package dev.gatehouse.admin.stream;
