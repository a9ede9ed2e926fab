/** Who an agent is: its key, certificate and signatures, and the pin by which it first trusts a deployment. Pure but for the key's file. */
package dev.gatehouse.protocol.identity;
