package dev.gatehouse.agent.command;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Locale;

/** The agent's status for people. */
final class StatusTable {

    private StatusTable() {}

    static void print(JsonObject status, PrintWriter out) {
        line(out, "agent", status.getString("name") + " (" + status.getString("agentId") + ")");
        line(
                out,
                "state",
                status.getBoolean("running")
                        ? "running, pid " + status.getLong("pid") + ", run " + status.getLong("run")
                        : "not running"
                                + (status.containsKey("time") ? ", last seen " + status.getString("time") : ""));
        line(out, "certificate", "until " + status.getString("certificateEnd"));
        line(out, "last ack", status.getString("lastAckAt", "none"));
        problem(out, status.getString("problem", ""));
        for (Object each : status.getJsonArray("links", new JsonArray())) {
            JsonObject link = (JsonObject) each;
            line(
                    out,
                    "link " + link.getInteger("slot"),
                    link.getString("state")
                            + (link.getBoolean("active") ? ", carries capture" : "")
                            + (link.getString("gateway").isEmpty() ? "" : ", gateway " + link.getString("gateway"))
                            + (link.getString("address").isEmpty() ? "" : " at " + link.getString("address"))
                            + (link.getString("detail").isEmpty() ? "" : ": " + link.getString("detail")));
        }
        if (status.getJsonObject("spool") != null) {
            spool(out, status.getJsonObject("spool"));
        }
        for (Object each : status.getJsonArray("sources", new JsonArray())) {
            JsonObject source = (JsonObject) each;
            JsonArray positions = source.getJsonArray("positions");
            line(out, source.getString("kind"), positions.isEmpty() ? "nothing at present" : "");
            for (Object position : positions) {
                JsonObject at = (JsonObject) position;
                out.printf("  %s  %d of %d%n", at.getString("name"), at.getLong("position"), at.getLong("size"));
            }
        }
    }

    private static void spool(PrintWriter out, JsonObject spool) {
        line(
                out,
                "spool",
                spool.getLong("chunks") + " chunks, " + size(spool.getLong("bytes")) + " to send; files of "
                        + size(spool.getLong("fileBytes")) + ", at most " + size(spool.getLong("maxBytes")));
        line(
                out,
                "refused",
                spool.getLong("refusedRecords") + " records, " + size(spool.getLong("refusedBytes"))
                        + (spool.getLong("lostChunks") > 0
                                ? "; " + spool.getLong("lostChunks") + " chunks lost by the disk"
                                : ""));
        problem(out, spool.getString("problem"));
    }

    private static void problem(PrintWriter out, String problem) {
        if (!problem.isEmpty()) {
            line(out, "PROBLEM", problem);
        }
    }

    private static void line(PrintWriter out, String name, String text) {
        out.printf("%-12s %s%n", name, text);
    }

    private static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = Math.min(4, (63 - Long.numberOfLeadingZeros(bytes)) / 10);
        return String.format(Locale.ROOT, "%.1f %ciB", (double) bytes / (1L << (unit * 10)), " KMGT".charAt(unit));
    }
}
