/** What is done on a host rather than through the API: once per deployment ({@code init}), and when nobody can sign in ({@code password}). */
package dev.gatehouse.admin.setup;
