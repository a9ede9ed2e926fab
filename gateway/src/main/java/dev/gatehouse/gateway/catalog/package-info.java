/**
 * Which agent offers which resources through which gateway: each gateway owns the list of its own agents and follows those of the others.
 *
 * <p>A list is versioned; each change carries its version, so that changes may come twice, late or out of order. What was lost is noticed by the digest of the next second and fetched. Nothing is removed but by its owner's
 * word, its owner's departure, or 45 s of the owner's silence.
 */
package dev.gatehouse.gateway.catalog;
