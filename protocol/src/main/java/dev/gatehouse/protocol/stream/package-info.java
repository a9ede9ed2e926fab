/** Captured streams on the wire: chunks, acknowledgements and the windows that bound what is on its way. Pure. */
package dev.gatehouse.protocol.stream;
