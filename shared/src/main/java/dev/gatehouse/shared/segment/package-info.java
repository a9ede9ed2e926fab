/**
 * The format in which captured chunks lie in the object store and inline in PostgreSQL, and reading them back.
 *
 * <pre>
 * object  = head | block* | footer | trailer        inline = block*
 * head    = "GHSG" | version u16 | 0 u16 | writer id 16 | segment id 16 | created at i64 (microseconds)
 * block   = header ({@link dev.gatehouse.shared.segment.BlockHeader}) | stored bytes (a CHUNK frame's payload, verbatim while cipher is 0)
 * footer  = the head's fields under the magic "GHSF" | entry* ({@link dev.gatehouse.shared.segment.SegmentEntry})
 * trailer = footer length u32 | entries u32 | CRC32C of the footer u32 | "GHST"
 * </pre>
 *
 * Big-endian. A block stands for itself: it names its cipher, key, origin and chunk, so that it can be copied verbatim into another object. An object can be found again from its end alone.
 */
package dev.gatehouse.shared.segment;
