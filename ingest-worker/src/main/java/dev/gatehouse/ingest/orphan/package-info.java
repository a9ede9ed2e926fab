/** What becomes of objects whose writer was gone before their rows were written, or whose rows the database has lost: committed late if needed, else moved aside. */
package dev.gatehouse.ingest.orphan;
