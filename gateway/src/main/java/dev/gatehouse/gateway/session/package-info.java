/** Sessions of users at this gateway: counted, told to everyone, written down, and cut. */
package dev.gatehouse.gateway.session;
