/** What the agent offers: the resources of its file, and registered ones that its file allows. */
package dev.gatehouse.agent.resource;
