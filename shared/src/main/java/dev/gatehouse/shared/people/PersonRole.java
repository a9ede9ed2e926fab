package dev.gatehouse.shared.people;

import java.util.Arrays;
import java.util.Optional;

/** The roles that are always there: what a person may do in the deployment as a whole. */
public enum PersonRole {
    /** Everything. */
    ADMINISTRATOR("administrator"),
    /** Sees everything, changes nothing. */
    AUDITOR("auditor");

    private final String word;

    PersonRole(String word) {
        this.word = word;
    }

    /** As in the table and in REST. */
    public String word() {
        return word;
    }

    public static Optional<PersonRole> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word.equals(word)).findFirst();
    }
}
