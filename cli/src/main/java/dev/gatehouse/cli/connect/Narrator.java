package dev.gatehouse.cli.connect;

import dev.gatehouse.protocol.message.CloseCode;

/** Who is told how connections fare, on their context. */
public interface Narrator {

    /**
     * A gateway is linked to.
     *
     * @param resumed tunnels that go on over it
     */
    void linked(String url, int resumed);

    /** There is no gateway for now. */
    void unlinked(String why);

    /** The sign-in is not taken any more. */
    void notSignedIn(String why);

    /**
     * A tunnel could not be opened, or has ended before its connection did.
     *
     * @param opened whether it ever was open
     */
    void broken(CloseCode code, String detail, boolean opened);
}
