/**
 * Servers that Gatehouse can bring along: PostgreSQL, Redis and an S3 server, each as a process of this host that keeps its data in a folder and listens on 127.0.0.1 only.
 *
 * <p>For {@code up}, local fleets and tests. Linux on x86-64; as root and as anybody else.
 */
package dev.gatehouse.embedded;
