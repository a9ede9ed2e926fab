/** What services read of tables that others write: typed records, bounded pages, keyset paging. Nothing here writes. */
package dev.gatehouse.shared.record;
