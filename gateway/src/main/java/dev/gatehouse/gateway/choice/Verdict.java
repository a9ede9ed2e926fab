package dev.gatehouse.gateway.choice;

import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * What was thought of one replica.
 *
 * @param reason for people
 *
 * @param load tunnels that are open to it
 *
 * @param share of new sessions that it would get among its equals, were all as busy: its weight, less while it is new
 *
 * @param gateways through which it is reached, the nearest first
 */
public record Verdict(
        UUID agentId, String agentName, Standing standing, String reason, int load, double share, List<String> gateways) {

    /** From the best to those that are not used. */
    public enum Standing {
        /** Named by the user. */
        NAMED,
        /** The one that the session has had so far, and nothing speaks against it. */
        OWN,
        HEALTHY,
        /** Not checked. */
        UNKNOWN,
        /** Dials to it have failed; used if there is nothing better. */
        EJECTED,
        /** It says itself that its target is not well; used if there is nothing better. */
        UNHEALTHY,
        /** Of weight 0: only for those who name it. */
        STANDBY,
        /** The user has named another one. */
        NOT_NAMED;

        /** As REST has it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean isUsed() {
            return compareTo(STANDBY) < 0;
        }
    }
}
