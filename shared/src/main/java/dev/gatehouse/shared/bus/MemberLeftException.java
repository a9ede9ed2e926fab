package dev.gatehouse.shared.bus;

/** The member that was asked has left the cluster; whether it has done what was asked is unknown. */
public final class MemberLeftException extends RuntimeException {

    private static final long serialVersionUID = 1;

    MemberLeftException(String memberId) {
        super("node " + memberId + " has left the cluster");
    }
}
