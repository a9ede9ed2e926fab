/** Who may write objects, and what becomes of objects whose writer died before their rows were written. */
package dev.gatehouse.ingest.orphan;
