/** {@code join-tokens}. */
package dev.gatehouse.admin.token;
