/** What comes from gateways: openings and batches of chunks, taken in order and answered; progress goes back. {@link dev.gatehouse.ingest.intake.Intake} decides. */
package dev.gatehouse.ingest.intake;
