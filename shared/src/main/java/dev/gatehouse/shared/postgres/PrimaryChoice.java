package dev.gatehouse.shared.postgres;

import dev.gatehouse.shared.settings.HostPort;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Of the nodes of a database cluster, the one to write to: the writable one on the highest timeline.
 *
 * <p>A promotion begins a new timeline. So an old primary that comes back as it was, believing to be the primary, is known by a lower one: than another node's now, or than any that this process has seen. Nodes of another
 * cluster of databases count only if none of the known one answers. Pure, thread-safe.
 */
final class PrimaryChoice {

    // of the cluster that was seen last; 0: none was
    private long system;
    private long timeline;

    /** @param answers of those who have answered, the preferred first */
    synchronized Optional<HostPort> choose(Map<HostPort, HostAnswer> answers) {
        learn(answers);
        return answers.entrySet().stream()
                .filter(one -> refusal(one.getValue()).isEmpty())
                .max(Comparator.comparingLong(one -> one.getValue().timeline())) // of equal ones the first
                .map(Map.Entry::getKey);
    }

    /** Why a node that answers so is not the one. */
    synchronized Optional<String> refusal(HostAnswer answer) {
        if (!answer.writable()) {
            return Optional.of("takes no writes");
        } else if (answer.system() != 0 && answer.system() != system) {
            return Optional.of("belongs to another cluster of databases");
        }
        return answer.timeline() != 0 && answer.timeline() < timeline
                ? Optional.of("is an old primary: on timeline " + answer.timeline() + ", and " + timeline
                        + " was seen; start this process anew if the database was restored")
                : Optional.empty();
    }

    private void learn(Map<HostPort, HostAnswer> answers) {
        boolean known = system != 0 && answers.values().stream().anyMatch(answer -> answer.system() == system);
        if (!known) {
            answers.values().stream()
                    .filter(answer -> answer.writable() && answer.system() != 0)
                    .max(Comparator.comparingLong(HostAnswer::timeline))
                    .ifPresent(answer -> {
                        system = answer.system();
                        timeline = 0;
                    });
        }
        answers.values().stream()
                .filter(answer -> answer.system() != 0 && answer.system() == system)
                .forEach(answer -> timeline = Math.max(timeline, answer.timeline()));
    }
}
