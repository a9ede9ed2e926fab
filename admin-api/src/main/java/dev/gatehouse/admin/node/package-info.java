/** The processes of the cluster, as they come to the admin endpoint themselves. */
package dev.gatehouse.admin.node;
