/** Frames, and how a byte stream is cut into them. Pure. */
package dev.gatehouse.protocol.wire;
