/** The gateway: its service and its main. */
package dev.gatehouse.gateway;
