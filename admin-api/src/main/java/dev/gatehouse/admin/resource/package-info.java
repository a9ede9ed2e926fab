/** Resources: those that agents offer, those that are registered, and why a session would get which agent. */
package dev.gatehouse.admin.resource;
