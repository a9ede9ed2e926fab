/** Group commit: from chunks that were taken to rows and objects that survive anything. {@link dev.gatehouse.ingest.commit.CommitFlow} decides, {@link dev.gatehouse.ingest.commit.Committer} does. */
package dev.gatehouse.ingest.commit;
