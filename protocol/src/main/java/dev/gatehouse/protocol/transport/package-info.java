/** Links over real connections: TLS over TCP, and WebSocket. Bytes in and out, liveness and priorities; what the frames mean is decided in {@code link} and above. */
package dev.gatehouse.protocol.transport;
