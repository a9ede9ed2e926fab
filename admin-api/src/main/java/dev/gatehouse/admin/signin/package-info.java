/** Signing in and out, and who one is. */
package dev.gatehouse.admin.signin;
