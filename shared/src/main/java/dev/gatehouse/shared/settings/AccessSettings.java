package dev.gatehouse.shared.settings;

import java.time.Duration;
import java.util.List;

/** How people sign in and reach resources. */
public record AccessSettings(
        @Default("apps.localhost") @Doc("Domain below which web apps have their names")
        String domain,

        @Default("")
        @Doc(
                "https://HOST:PORT at which users reach gateways, as admin-api tells their tools; endpoints.access.serverAddress if not given")
        List<String> urls,

        @Default("12h") @Doc("How long a sign-in lasts") Duration signIn,

        @Default("12h") @Doc("A tunnel without a byte for so long ends")
        Duration tunnelIdle,

        @Default("7d") @Doc("No tunnel is open for longer") Duration tunnelLongest) {}
