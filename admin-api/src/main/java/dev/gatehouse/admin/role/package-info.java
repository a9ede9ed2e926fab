/** REST: roles. */
package dev.gatehouse.admin.role;
