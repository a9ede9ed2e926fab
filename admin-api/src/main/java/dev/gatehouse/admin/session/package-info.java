/** REST: sessions. */
package dev.gatehouse.admin.session;
