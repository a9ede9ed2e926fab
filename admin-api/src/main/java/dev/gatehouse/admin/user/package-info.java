/** REST: users. */
package dev.gatehouse.admin.user;
