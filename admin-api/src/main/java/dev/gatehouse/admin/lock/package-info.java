/** REST: locks. */
package dev.gatehouse.admin.lock;
