/** Sessions as gateways tell everyone of them: who uses what now. */
package dev.gatehouse.shared.session;
