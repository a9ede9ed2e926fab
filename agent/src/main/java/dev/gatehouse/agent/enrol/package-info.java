/** How an agent gets, keeps and renews its identity. */
package dev.gatehouse.agent.enrol;
